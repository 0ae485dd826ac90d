package dev.berth.server.handler;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * One request as the client sent it. Valid until its handler returns, on the handler's thread only.
 * Nothing is decoded before it is asked for: each call makes its string anew.
 */
public interface Request {
  /** The method, as sent: methods are case-sensitive (RFC 9110, 9.1). */
  String method();

  /**
   * The target's path, still percent-encoded and without its query; {@code *} for {@code OPTIONS *}
   * (RFC 9112, 3.2). Of an absolute target, the part after its authority.
   */
  String path();

  /**
   * What follows the first {@code ?} of the target, still percent-encoded; empty if there is no
   * {@code ?}.
   */
  Optional<String> query();

  /** {@code HTTP/1.0} or {@code HTTP/1.1}. */
  String protocol();

  /** The value of the first field of that name, in any case, without the whitespace around it. */
  Optional<String> header(String name);

  /** The values of all fields of that name, in any case, in the order sent. */
  List<String> headers(String name);

  /**
   * The content, without its transfer coding; at its end at once if there is none. Reading blocks
   * until the client has sent more. Fails with an {@link java.io.IOException} if the client breaks
   * off or sends a malformed chunk: what was read is then not all.
   */
  InputStream body();

  /** The address at the other end of the connection. */
  InetSocketAddress peer();
}
