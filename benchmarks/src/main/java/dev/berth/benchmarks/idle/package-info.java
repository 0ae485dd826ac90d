/**
 * What an idle keep-alive connection costs: live heap and resident memory, Berth beside its peers.
 */
@NullMarked
package dev.berth.benchmarks.idle;

import org.jspecify.annotations.NullMarked;
