package dev.berth.server.handler;

/**
 * Ends a handler with a status and a sentence as its answer: {@code throw new StatusException(404,
 * "no user 7")}. For what is wrong with a request, so it is not logged and has no stack trace.
 *
 * <p>What the handler has set or written before is taken back. If some of that is on its way
 * already, this is a failure like any other: the connection is cut, and it is logged.
 */
public final class StatusException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;

  /**
   * A refusal.
   *
   * @param status 400 to 599
   * @param sentence what the client is told, as text
   * @throws IllegalArgumentException if the status is none of an error
   */
  public StatusException(int status, String sentence) {
    super(sentence, null, false, false);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("a refusal's status is 400 to 599, not " + status);
    }
    this.status = status;
  }

  /** The status to answer with, 400 to 599. */
  public int status() {
    return status;
  }

  /** What the client is told. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
