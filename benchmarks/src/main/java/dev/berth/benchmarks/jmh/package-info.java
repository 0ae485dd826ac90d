/** Microbenchmarks (JMH) of what stands in every connection's way. */
@NullMarked
package dev.berth.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
