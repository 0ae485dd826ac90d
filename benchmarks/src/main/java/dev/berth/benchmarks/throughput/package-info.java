/**
 * How many requests a server answers in a second, and how long the slowest hundredth waits: Berth
 * beside its peers, with wrk as the client.
 */
@NullMarked
package dev.berth.benchmarks.throughput;

import org.jspecify.annotations.NullMarked;
