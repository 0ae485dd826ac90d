/**
 * How long a server takes to be ready on one core, and what it needs then: Berth beside its peers.
 */
@NullMarked
package dev.berth.benchmarks.start;

import org.jspecify.annotations.NullMarked;
