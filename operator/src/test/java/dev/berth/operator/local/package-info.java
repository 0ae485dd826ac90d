/** Tests of the loop on one machine; the {@code IT}s start real server processes. */
@NullMarked
package dev.berth.operator.local;

import org.jspecify.annotations.NullMarked;
