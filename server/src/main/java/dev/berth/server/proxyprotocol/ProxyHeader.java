package dev.berth.server.proxyprotocol;

import java.net.InetSocketAddress;

/**
 * What a connection's first bytes are, read as the header of the PROXY protocol. There is no guess:
 * a connection that begins with anything else is {@link Malformed} (section 2: the receiver "MUST
 * not try to guess whether the protocol header is present").
 */
public sealed interface ProxyHeader {
  /**
   * The bytes of a connection until now. Made from any beginning of a header, so that the same
   * bytes mean the same however they come.
   *
   * @param length how many of the bytes are there; any beyond the header's end are not looked at
   */
  static ProxyHeader parse(byte[] bytes, int length) {
    if (length == 0) {
      return new Incomplete(VersionOne.SHORTEST);
    }
    return bytes[0] == VersionTwo.FIRST_BYTE
        ? VersionTwo.parse(bytes, length)
        : VersionOne.parse(bytes, length);
  }

  /**
   * The beginning of a header.
   *
   * @param atLeast how many bytes are missing at least: who reads no more than that reads nothing
   *     that comes after the header
   */
  record Incomplete(int atLeast) implements ProxyHeader {}

  /** A connection that is made for a client. */
  record Relayed(InetSocketAddress client) implements ProxyHeader {}

  /**
   * A connection whose peer is who the socket says: the proxy's own, such as a health check, or one
   * for a client that has no address of the internet's.
   */
  record Local() implements ProxyHeader {}

  /**
   * No header, and no beginning of one: the connection is to be aborted.
   *
   * @param why in words
   */
  record Malformed(String why) implements ProxyHeader {}
}
