package dev.berth.server.handler;

import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

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

  /**
   * The value of the first parameter of that name in the query, decoded as forms send it:
   * percent-encoded UTF-8, with {@code +} for a space; empty if there is none of that name, and the
   * empty text if it has no {@code =}.
   *
   * @throws StatusException 400 if it is not percent-encoded UTF-8
   */
  default Optional<String> queryParameter(String name) {
    return QueryString.values(query().orElse(""), name, 1).stream().findFirst();
  }

  /**
   * The values of all parameters of that name in the query, in the order sent, decoded as {@link
   * #queryParameter} does.
   *
   * @throws StatusException 400 if one is not percent-encoded UTF-8
   */
  default List<String> queryParameters(String name) {
    return QueryString.values(query().orElse(""), name, Integer.MAX_VALUE);
  }

  /**
   * What stands in the path at the place of {@code {name}} in the {@link Router}'s pattern,
   * percent-decoded.
   *
   * @throws IllegalArgumentException if the pattern has no parameter of that name
   */
  default String parameter(String name) {
    throw new IllegalArgumentException("the route has no parameter named " + name);
  }

  /** {@code HTTP/1.0} or {@code HTTP/1.1}. */
  String protocol();

  /** The value of the first field of that name, in any case, without the whitespace around it. */
  Optional<String> header(String name);

  /** The values of all fields of that name, in any case, in the order sent. */
  List<String> headers(String name);

  /** Hands over each field's name and value, as sent and in that order. */
  void forEachHeader(BiConsumer<? super String, ? super String> action);

  /**
   * Whether the client asks to go on in that protocol, in any case: an Upgrade that names it, in
   * HTTP/1.1 and with {@code Connection: upgrade}. Any other Upgrade is to be ignored (RFC 9110,
   * 7.8), and {@link Response#upgrade} refuses to follow it.
   */
  default boolean asksToUpgradeTo(String protocol) {
    return protocol().equals("HTTP/1.1")
        && ListField.elements(headers("Connection")).anyMatch("upgrade"::equalsIgnoreCase)
        && ListField.elements(headers("Upgrade")).anyMatch(protocol::equalsIgnoreCase);
  }

  /**
   * The content, without its transfer coding; at its end at once if there is none. Reading blocks
   * until the client has sent more. Fails with an {@link java.io.IOException} if the client breaks
   * off or sends a malformed chunk: what was read is then not all.
   *
   * <p>One other thread than the handler's may read it, while the handler's answers and then waits
   * for that thread.
   */
  InputStream body();

  /**
   * The content, of which there may be so many bytes at most: reading beyond them, or a
   * Content-Length that says there are more, is refused.
   *
   * @throws StatusException 413 (RFC 9110, 15.5.14) if there are more, from here or from a read
   */
  default InputStream body(long atMost) {
    return BoundedBody.of(this, atMost);
  }

  /**
   * The fields that the client sent after a chunked body, by name, in any case, with their values
   * in the order sent; mostly empty. They stay apart from the head's fields, and those that would
   * come too late there, such as Host, Content-Length or Authorization, are left out (RFC 9110,
   * 6.5.1).
   *
   * @throws IllegalStateException if the {@linkplain #body body} has not been read to its end
   */
  Map<String, List<String>> trailers();

  /** The address at the other end of the connection. */
  InetSocketAddress peer();
}
