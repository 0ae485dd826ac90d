/**
 * How calm the server's other clients stay while some attack it: slow ones (slowhttptest), and more
 * than it takes.
 */
@NullMarked
package dev.berth.benchmarks.calm;

import org.jspecify.annotations.NullMarked;
