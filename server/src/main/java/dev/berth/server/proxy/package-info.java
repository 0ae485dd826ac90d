/**
 * The reverse proxy: a handler that passes requests on to another HTTP server, over a bounded
 * number of connections that it keeps, and upgraded connections both ways. Knows handlers and
 * {@code http1}, and nothing of this server's own connections.
 */
@NullMarked
package dev.berth.server.proxy;

import org.jspecify.annotations.NullMarked;
