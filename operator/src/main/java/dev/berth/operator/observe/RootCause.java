package dev.berth.operator.observe;

/** What went wrong at the bottom of a failure, which a client's own exceptions wrap. */
public final class RootCause {
  private RootCause() {}

  /** The last of its causes; itself without one. */
  public static Throwable of(Throwable failure) {
    Throwable bottom = failure;
    for (Throwable next = failure.getCause(); next != null; next = next.getCause()) {
      bottom = next;
    }
    return bottom;
  }
}
