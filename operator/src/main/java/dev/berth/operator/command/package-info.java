/** The command line: run, local, simulate. */
@NullMarked
package dev.berth.operator.command;

import org.jspecify.annotations.NullMarked;
