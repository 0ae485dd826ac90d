/** Tests of the command line, as a user meets it. */
@NullMarked
package dev.berth.operator.command;

import org.jspecify.annotations.NullMarked;
