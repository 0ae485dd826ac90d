/** Tests of what is remembered, in memory. */
@NullMarked
package dev.berth.operator.reconcile;

import org.jspecify.annotations.NullMarked;
