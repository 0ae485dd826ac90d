package dev.berth.server.connection;

import java.util.Locale;

/**
 * What a connection is doing, in the words of Go's {@code http.ConnState}.
 *
 * <pre>
 *   NEW ──first byte──► ACTIVE ──answered──► IDLE
 *    │                    │ ▲──next request────┤
 *    │                    └──101──► HIJACKED   │
 *    └──────────────► CLOSED ◄──────┴──────────┘
 * </pre>
 */
public enum ConnectionState {
  /** Accepted; no byte has come yet. */
  NEW,
  /** A request is coming in, being answered, or the answer going out. */
  ACTIVE,
  /** Between requests. */
  IDLE,
  /** Upgraded to another protocol. */
  HIJACKED,
  /** Ended. */
  CLOSED;

  /** The value of the label {@code state} of {@code berth_connections}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
