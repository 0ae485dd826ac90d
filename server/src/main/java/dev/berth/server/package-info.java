/** The server as a library: build one, start it, close it. */
@NullMarked
package dev.berth.server;

import org.jspecify.annotations.NullMarked;
