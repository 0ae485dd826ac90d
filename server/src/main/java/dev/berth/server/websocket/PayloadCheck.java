package dev.berth.server.websocket;

/** Whether a message is what its type says, looked at as it comes. Used by one thread. */
interface PayloadCheck {
  /** Takes anything. */
  PayloadCheck NONE = (bytes, from, to) -> true;

  /** Whether these bytes can follow those before. */
  boolean goesOn(byte[] bytes, int from, int to);

  /** Whether it could end here. */
  default boolean isWhole() {
    return true;
  }
}
