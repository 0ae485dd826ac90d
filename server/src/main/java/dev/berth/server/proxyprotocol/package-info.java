/**
 * The PROXY protocol: the header in which a proxy says whom a connection is made for, before the
 * first byte of that client's own.
 *
 * @see <a href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">The PROXY protocol,
 *     versions 1 and 2</a>, whose sections are cited here
 */
@NullMarked
package dev.berth.server.proxyprotocol;

import org.jspecify.annotations.NullMarked;
