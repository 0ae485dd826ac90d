package dev.berth.server.handler;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * What is spoken on a connection after {@code 101 Switching Protocols}. Runs on the connection's
 * virtual thread.
 */
@FunctionalInterface
public interface Upgrade {
  /**
   * Talks until it returns or throws; then the connection closes. After an {@link
   * java.io.IOException}, and after any other exception unless {@code out} had been closed, it does
   * with a reset, so that the client can't take what it got for all there was. Writes are sent at
   * once.
   *
   * <p>When the server drains, or the connection has become too old, {@code in} ends, as it does
   * when the client has said its last: then is the time for the protocol's goodbye, which is still
   * sent, and to return. What goes on talking is cut at the end of the drain's timeout. An {@link
   * AttendedUpgrade} is told instead, and its {@code in} goes on.
   *
   * <p>Closing {@code out} says that no more follows: the client may then make no progress for as
   * long as in a request's body (30 s, unless set), after which reading {@code in} fails; that of
   * an {@link AttendedUpgrade} has five seconds for its last. Throwing {@link
   * java.net.ProtocolException} says that it was the client who broke the protocol.
   *
   * @param in what the client sends, beginning with the first byte after its request
   * @param out what the client gets, beginning with the first byte after the 101; to close it is to
   *     say that nothing follows, while {@code in} may go on
   */
  void converse(InputStream in, OutputStream out) throws Exception;

  /**
   * Gives back what it holds, where it does not come to {@link #converse}: the client has gone
   * before it could be told, or another answer is given. Is to be short, and throws nothing.
   */
  default void forgo() {}
}
