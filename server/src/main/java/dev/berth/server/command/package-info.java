/**
 * The command line: options and environment in, a running server out. Nothing else knows this
 * package.
 */
@NullMarked
package dev.berth.server.command;

import org.jspecify.annotations.NullMarked;
