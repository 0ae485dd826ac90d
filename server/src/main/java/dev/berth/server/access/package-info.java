/**
 * The access log: one line for each answer, in the form that people or programs read. Knows nothing
 * of connections; they tell it. Off, it costs them one comparison.
 */
@NullMarked
package dev.berth.server.access;

import org.jspecify.annotations.NullMarked;
