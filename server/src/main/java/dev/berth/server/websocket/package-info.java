/**
 * WebSocket (RFC 6455) for handlers: a blocking conversation of whole messages on the connection's
 * virtual thread, with pings, fragments and the closing handshake taken care of. Knows nothing but
 * the handlers' API.
 */
@NullMarked
package dev.berth.server.websocket;

import org.jspecify.annotations.NullMarked;
