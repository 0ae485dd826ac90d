package dev.berth.server.handler;

/**
 * Answers a request. Called on the connection's own virtual thread, one request of a connection at
 * a time, so it may block as long as it likes; called by many connections at once, so it has to be
 * safe for that.
 */
@FunctionalInterface
public interface Handler {
  /**
   * Answers {@code request} through {@code response}. Both are the connection's, and belong to
   * someone else once this returns.
   *
   * <p>Throwing a {@link StatusException} answers with its status. Throwing anything else answers
   * 500 if nothing has been sent yet; otherwise the connection is cut, so that the client sees that
   * the answer is not whole. Either way it is logged once, with the request line.
   */
  void handle(Request request, Response response) throws Exception;
}
