/**
 * The clients of the end-to-end tests: real keep-alive HTTP/1.1 connections that ask something now
 * and then, and tell precisely how each of them ended.
 *
 * <p>It needs the JDK alone, so that it also runs in a pod of the cluster under test: there it
 * reaches a Service as other clients do, wherever the cluster is.
 */
@NullMarked
package dev.berth.e2e.load;

import org.jspecify.annotations.NullMarked;
