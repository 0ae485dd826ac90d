/** Tests of what is seen of pods and workloads; the {@code IT}s use sockets. */
@NullMarked
package dev.berth.operator.observe;

import org.jspecify.annotations.NullMarked;
