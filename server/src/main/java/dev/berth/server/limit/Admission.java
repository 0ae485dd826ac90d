package dev.berth.server.limit;

/**
 * The answer to a connection that asks to be served: {@link Admitted} with a permit that the asker
 * must release exactly once, or {@link Refused} with the reason, and nothing to release. All
 * answers are shared instances: asking allocates nothing.
 */
public sealed interface Admission permits Admission.Admitted, Admission.Refused {

  /**
   * A permit is taken; whoever asked for it releases it exactly once, on the very limit that gave
   * it.
   */
  enum Admitted implements Admission {
    /** The permit. It has no identity: a limit counts, it does not track. */
    PERMIT
  }

  /** No permit, and why. */
  enum Refused implements Admission {
    /** All permits are in use, and the queue, if there is one, has no place left. */
    LIMIT("limit"),
    /** The client's address already holds as many connections as one address may. */
    CLIENT_LIMIT("client_limit"),
    /** The server takes no more connections because it ends. */
    DRAINING("draining"),
    /** A place in the queue, but no permit within the time it was worth waiting for. */
    QUEUE_TIMEOUT("queue_timeout"),
    /** It hung up before its turn in the queue: there is nobody to be answered. */
    HUNG_UP("hung_up");

    private final String label;

    Refused(String label) {
      this.label = label;
    }

    /** The value of the label {@code reason} of {@code berth_connections_rejected_total}. */
    public String label() {
      return label;
    }
  }
}
