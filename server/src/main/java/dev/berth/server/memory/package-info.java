/**
 * The memory of this process and of the container around it: what it may use, what it uses as the
 * kubelet counts it, and what it would need if all garbage were gone. Reads the kernel's files and
 * the JVM's own figures; knows nothing but {@code java.*}.
 */
@NullMarked
package dev.berth.server.memory;

import org.jspecify.annotations.NullMarked;
