/**
 * Fuzz targets, each beside a grammar written from its RFC that has to agree with the parser, and
 * the replay of what fuzzing has found worth keeping ({@code server/src/fuzz}). {@code make fuzz}
 * runs them; {@code server/docs/fuzzing.md} says what came of it.
 */
@NullMarked
package dev.berth.server.fuzz;

import org.jspecify.annotations.NullMarked;
