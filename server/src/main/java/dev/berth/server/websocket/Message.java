package dev.berth.server.websocket;

/** What comes on a WebSocket: messages, and in the end that it is closed. */
public sealed interface Message permits Message.Text, Message.Binary, Message.Closed {
  /** A whole message of valid UTF-8. */
  record Text(String text) implements Message {}

  /**
   * A whole message of bytes.
   *
   * @param bytes the receiver's own
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Binary(byte[] bytes) implements Message {}

  /**
   * The WebSocket is closed, by whichever side, and nothing else comes.
   *
   * @param code the one who closed first gave: a {@link CloseCode}, or one from 3000 to 4999
   * @param reason in words, perhaps empty; for the log, not for users (RFC 6455, 7.1.6)
   */
  record Closed(int code, String reason) implements Message {}
}
