package dev.berth.server.access;

import java.net.InetSocketAddress;

/**
 * One answer, as an access log tells it. The client's texts are as it sent them, escaped by nobody:
 * whoever writes them somewhere has to.
 *
 * @param peer the client
 * @param connection the connection's number, as in {@code /connections}; 0 if it was refused
 * @param request which request of its connection this was, from 1; 0 if the connection was refused
 * @param method empty if the request was not understood, as are target and protocol then
 * @param target the request target (RFC 9112, 3.2), cut off where it is very long
 * @param protocol {@code HTTP/1.0} or {@code HTTP/1.1}
 * @param status the answer's
 * @param bytes of content, without its framing, that were handed to the network
 * @param nanos from the end of the request's head to the end of the answer
 * @param referer the field {@code Referer}; empty if there is none
 * @param userAgent the field {@code User-Agent}; empty if there is none
 * @param note why this is not a handler's whole answer; empty if it is
 */
public record Access(
    InetSocketAddress peer,
    long connection,
    int request,
    String method,
    String target,
    String protocol,
    int status,
    long bytes,
    long nanos,
    String referer,
    String userAgent,
    String note) {

  /** A connection that was refused before it could ask anything. */
  public static Access refused(InetSocketAddress peer, int status, long bytes, String note) {
    return new Access(peer, 0, 0, "", "", "", status, bytes, 0, "", "", note);
  }
}
