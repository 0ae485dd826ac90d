/**
 * A server that only pretends to hold connections, so that its metrics can go wrong on purpose.
 * Like the load, it needs the JDK alone, so that it runs in a pod.
 */
@NullMarked
package dev.berth.e2e.standin;

import org.jspecify.annotations.NullMarked;
