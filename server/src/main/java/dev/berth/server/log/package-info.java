/**
 * What is said in the log by those who have to go on, whatever becomes of that. Knows nothing but
 * {@code java.*}.
 */
@NullMarked
package dev.berth.server.log;

import org.jspecify.annotations.NullMarked;
