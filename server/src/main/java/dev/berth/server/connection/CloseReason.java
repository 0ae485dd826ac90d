package dev.berth.server.connection;

import java.util.Locale;

/** Why a connection ended. The first reason that anyone gives stays. */
public enum CloseReason {
  /** The client went, or it or the handler asked for the close. */
  CLIENT,
  /** No request came for the idle timeout. */
  IDLE,
  /** It was older than connections get. */
  AGE,
  /** The server drains. */
  DRAIN,
  /** The limit was lowered below the use, or there was no memory for another head as long. */
  SHED,
  /** The request's head took too long to come. */
  HEADER_TIMEOUT,
  /** The request's body made no progress, or in another protocol the client's last words. */
  READ_TIMEOUT,
  /** The client did not read what it was sent. */
  WRITE_TIMEOUT,
  /** The client's bytes were no proper request. */
  PROTOCOL_ERROR,
  /** The handler failed after its answer had begun. */
  HANDLER_ERROR,
  /** The network failed. */
  IO_ERROR,
  /** It was still there when the server's time to drain was over. */
  FORCED;

  /** The value of the label {@code reason} of {@code berth_connections_closed_total}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
