/**
 * One operator over many policies: a real API server without nodes, pods that only its objects and
 * one process pretend, and the operator under its image's flags and memory limit.
 */
@NullMarked
package dev.berth.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
