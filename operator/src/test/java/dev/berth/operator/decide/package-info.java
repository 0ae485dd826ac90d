/** The control loop in memory: tables, properties, and a simulated fleet. */
@NullMarked
package dev.berth.operator.decide;

import org.jspecify.annotations.NullMarked;
