/**
 * The servers that Berth is measured beside: hello world on each, as its own documentation would
 * write it.
 */
@NullMarked
package dev.berth.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
