package dev.berth.operator.local;

import java.time.Instant;

/**
 * Something that happened to a fleet, for people to read.
 *
 * @param kind one word: an event's as a cluster shows it ({@code Scaled}), or {@code Process}
 * @param warning whether somebody should look
 */
record Happening(Instant at, String kind, String message, boolean warning) {}
