/** Small programs with the server as a library, each to be read alone, run and begun from. */
@NullMarked
package dev.berth.examples;

import org.jspecify.annotations.NullMarked;
