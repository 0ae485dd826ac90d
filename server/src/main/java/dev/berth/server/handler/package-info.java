/**
 * What an application writes against: a handler takes a request and answers it with blocking calls,
 * on the virtual thread that owns the connection. Knows nothing of sockets, limits or HTTP's wire
 * form.
 */
@NullMarked
package dev.berth.server.handler;

import org.jspecify.annotations.NullMarked;
