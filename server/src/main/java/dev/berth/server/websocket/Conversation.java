package dev.berth.server.websocket;

/**
 * What an application says on one WebSocket. Runs on the connection's virtual thread, so it may
 * block as long as it likes.
 */
@FunctionalInterface
public interface Conversation {
  /**
   * Talks until it returns; what is not closed then is closed as {@link CloseCode#NORMAL}. Whatever
   * it throws is logged, and closes the WebSocket as {@link CloseCode#SERVER_ERROR}; only an {@link
   * java.io.IOException} of a WebSocket that is closed already is nobody's fault.
   *
   * <p>It should spend its time in {@link WebSocket#receive}, which is also what answers pings and
   * notices that the other side, or the server, closes. What is to be sent meanwhile is sent by
   * other threads.
   */
  void talk(WebSocket socket) throws Exception;
}
