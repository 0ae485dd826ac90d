/**
 * The life of connections: accepted or refused at the door, served by one virtual thread each,
 * watched by one sweeper, and ended, all of them in order when the server drains. Knows HTTP as
 * exchanges, and metrics not at all: it tells {@link dev.berth.server.connection.ConnectionEvents}.
 */
@NullMarked
package dev.berth.server.connection;

import org.jspecify.annotations.NullMarked;
