package dev.berth.server.websocket;

/** Why a WebSocket was closed, as a number (RFC 6455, 7.4.1). */
public final class CloseCode {
  /** What it was for is done. */
  public static final int NORMAL = 1000;

  /** The one who closed leaves: a server that drains, a page that is left. */
  public static final int GOING_AWAY = 1001;

  /** The other broke the protocol. */
  public static final int PROTOCOL_ERROR = 1002;

  /** A message was of a kind that can't be taken, such as binary for text. */
  public static final int UNACCEPTABLE_TYPE = 1003;

  /** It was closed without a code. Never sent. */
  public static final int NO_CODE = 1005;

  /** It was not closed: the connection broke. Never sent. */
  public static final int ABNORMAL = 1006;

  /** A message was not what its type says: a text that is no UTF-8. */
  public static final int INVALID_PAYLOAD = 1007;

  /** A message can't be accepted for a reason that no other code gives. */
  public static final int POLICY_VIOLATION = 1008;

  /** A message was too long. */
  public static final int TOO_LONG = 1009;

  /** The server failed. */
  public static final int SERVER_ERROR = 1011;

  /** The server is overloaded: the client may try again later. */
  public static final int TRY_AGAIN_LATER = 1013;

  private static final int EXTENSION_EXPECTED = 1010;
  private static final int LAST_REGISTERED = 1014;
  private static final int FIRST_OPEN = 3000;
  private static final int LAST = 4999;

  private CloseCode() {}

  /** Whether it may stand in a close frame (RFC 6455, 7.4.2, and what IANA has added). */
  static boolean isSendable(int code) {
    return (code >= NORMAL && code <= UNACCEPTABLE_TYPE)
        || (code >= INVALID_PAYLOAD && code <= LAST_REGISTERED)
        || (code >= FIRST_OPEN && code <= LAST);
  }

  /** Whether a server may choose it: not what only clients say. */
  static boolean isServers(int code) {
    return isSendable(code) && code != EXTENSION_EXPECTED;
  }
}
