/**
 * The control loop over a world in memory, thousands of times faster than a cluster: clients that
 * follow a {@link dev.berth.operator.simulate.Trace}, pods that take seconds to start, hold memory
 * and are killed when it runs out, and a workload controller that adds and removes them.
 *
 * <p>Who governs is a {@link dev.berth.operator.simulate.Governor}: Berth's own {@code decide}, as
 * it runs on a cluster, or a model of another autoscaler, for comparison. Time goes by in tenths of
 * a second, chance comes from a seed, and equal inputs give equal outcomes.
 */
@NullMarked
package dev.berth.operator.simulate;

import org.jspecify.annotations.NullMarked;
