/**
 * What Berth promises, tried on a real cluster: each test installs the chart under a name of its
 * own, in a namespace of its own, and leaves nothing behind.
 */
@NullMarked
package dev.berth.e2e;

import org.jspecify.annotations.NullMarked;
