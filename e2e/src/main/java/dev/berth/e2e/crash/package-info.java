/** A crash made on purpose. Like the load, it needs the JDK alone, so that it runs in a pod. */
@NullMarked
package dev.berth.e2e.crash;

import org.jspecify.annotations.NullMarked;
