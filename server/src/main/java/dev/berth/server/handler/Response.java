package dev.berth.server.handler;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/**
 * The answer to one request: a status and fields first, then content. Valid until the handler
 * returns, on the handler's thread only.
 *
 * <p>Date, Content-Length or Transfer-Encoding, and Connection are added as the protocol needs
 * them. A response whose handler set nothing is {@code 200} without content.
 */
public interface Response {
  /**
   * Sets the status, 200 to 599; 200 if never called.
   *
   * @throws IllegalStateException if the head is already on its way
   */
  Response status(int status);

  /** The status set, or 200: for whoever wraps a handler and wants to know what it answered. */
  int status();

  /**
   * Adds a field. Called twice with one name, the response has two such fields, as {@code
   * Set-Cookie} may be; {@link #setHeader} is for those of which there is one.
   *
   * @throws IllegalArgumentException if the name is no token, the value holds a control character
   *     or one beyond Latin-1 (so that nothing from outside can end the line and start another), or
   *     the field is one that only the server may set: Transfer-Encoding, Keep-Alive, and any
   *     Connection but {@code close}
   * @throws IllegalStateException if the head is already on its way
   */
  Response header(String name, String value);

  /**
   * Sets a field in place of all that have the name, in any case: so that a handler can overrule
   * what one that wraps it has set.
   *
   * @throws IllegalArgumentException as {@link #header} does
   * @throws IllegalStateException if the head is already on its way
   */
  Response setHeader(String name, String value);

  /**
   * Sends an interim response ahead of this one, at once: 100 to have the client send its content,
   * 103 for early hints, with these fields (RFC 9110, 15.2). A client of HTTP/1.0 gets none.
   *
   * @param status 100, or 102 to 199
   * @throws IOException if the client can't be reached; to be let through
   * @throws IllegalArgumentException as {@link #header} does
   * @throws IllegalStateException if the head is already on its way
   */
  void interim(int status, Map<String, List<String>> fields) throws IOException;

  /**
   * Adds a field to those after the content (RFC 9110, 6.5). It is sent if the content is chunked,
   * as it is if this is called before any of it is sent and no Content-Length is set, and dropped
   * otherwise.
   *
   * @throws IllegalArgumentException as {@link #header} does, and for Content-Length and Connection
   * @throws IllegalStateException if the response has been completed
   */
  void trailer(String name, String value);

  /**
   * Sends the text in UTF-8 as the whole content; as {@code text/plain} if no Content-Type has been
   * set.
   *
   * @throws IOException if the client can't be reached; to be let through
   * @throws IllegalStateException if the head is already on its way
   */
  void text(String text) throws IOException;

  /**
   * Sends a JSON text (RFC 8259) in UTF-8 as the whole content; as {@code application/json} if no
   * Content-Type has been set. It is not looked into.
   *
   * @throws IOException if the client can't be reached; to be let through
   * @throws IllegalStateException if the head is already on its way
   */
  void json(String json) throws IOException;

  /**
   * Sends the bytes as the whole content, of no type unless Content-Type has been set.
   *
   * @throws IOException if the client can't be reached; to be let through
   * @throws IllegalStateException if the head is already on its way, or a Content-Length has been
   *     set that is not theirs
   */
  void body(byte[] content) throws IOException;

  /**
   * The content as a stream: sent as it fills a buffer and at {@link OutputStream#flush()}, chunked
   * unless a Content-Length has been set or all of it fits the buffer. Writing blocks while the
   * client is slow to read, and fails with an {@link IOException}, to be let through, once it can't
   * be reached. Closing the stream is not needed, and flushes nothing that the handler's end does
   * not.
   *
   * @throws IllegalStateException if the response has its content already
   */
  OutputStream stream() throws IOException;

  /**
   * Ends the response, and sends what is left of it, without waiting for the handler to return: for
   * one that goes on when its client has its answer. It takes no more from here on. Not needed
   * otherwise.
   *
   * @throws IOException if the client can't be reached, or the content is shorter than its
   *     Content-Length; to be let through
   * @throws IllegalStateException if an upgrade has been answered, which begins as the handler
   *     returns
   */
  void end() throws IOException;

  /**
   * Has the handler's thread interrupted once the client has hung up: for one that waits for
   * something to tell, and would otherwise find out only when it tells it. A wait such as {@code
   * BlockingQueue.take()} then ends with {@link InterruptedException}, which the handler lets
   * through; nothing is logged. A client that ends its sending counts as gone, though it may still
   * read. Answers to what it asked before are sent first; the connection closes after this one.
   *
   * @throws IOException if the request's content is not read, and too long to be read past
   * @throws IllegalStateException if the head is already on its way
   */
  Response interruptOnHangUp() throws IOException;

  /**
   * Answers 101 and hands the connection over once the handler returns: from then on it is a pair
   * of byte streams, no longer HTTP (RFC 9110, 7.8). The connection keeps its permit and counts as
   * hijacked until the conversation ends.
   *
   * @param protocol its name, or the names of several that are layered, the lowest first, with
   *     commas
   * @throws IllegalStateException if the client did not {@linkplain Request#asksToUpgradeTo ask}
   *     for an upgrade to this protocol, the head is already on its way, or an upgrade has been
   *     answered already
   */
  void upgrade(String protocol, Upgrade conversation);
}
