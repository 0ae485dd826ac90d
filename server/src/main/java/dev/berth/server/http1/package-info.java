/**
 * HTTP/1.1 on the wire (RFC 9110, RFC 9112): bytes to requests, responses to bytes. Works on a
 * buffer borrowed for as long as a request takes, and makes no string that nobody asks for. Knows
 * handlers, but nothing of sockets, limits or metrics.
 */
@NullMarked
package dev.berth.server.http1;

import org.jspecify.annotations.NullMarked;
