/** Tests of the simulated world, and of the loop in it. */
@NullMarked
package dev.berth.operator.simulate;

import org.jspecify.annotations.NullMarked;
