package dev.berth.server.connection;

/**
 * What a connection's thread is at: a finer {@link ConnectionState}, since each has its own
 * deadline.
 */
enum Phase {
  /** Waits for the first byte of the first request. */
  FRESH(ConnectionState.NEW),
  /** Waits for the first byte of the next request. */
  IDLE(ConnectionState.IDLE),
  /** Waits for the rest of a head. */
  HEAD(ConnectionState.ACTIVE),
  /** Runs the handler. */
  HANDLER(ConnectionState.ACTIVE),
  /** Waits for more of a body. */
  BODY(ConnectionState.ACTIVE),
  /** Waits for the client to take what it is sent. */
  WRITE(ConnectionState.ACTIVE),
  /** Has said its last word, and waits for the client to have heard it. */
  LINGER(ConnectionState.ACTIVE),
  /** Speaks another protocol. */
  HIJACKED(ConnectionState.HIJACKED),
  /** The same, while it waits for the client to take what it is told. */
  TELLING(ConnectionState.HIJACKED),
  /** Has said goodbye in another protocol, and waits for the client's. */
  PARTING(ConnectionState.HIJACKED);

  private final ConnectionState state;

  Phase(ConnectionState state) {
    this.state = state;
  }

  /** What it is in while it waits for the client to take something. */
  Phase whileWriting() {
    return state == ConnectionState.HIJACKED ? TELLING : WRITE;
  }

  ConnectionState state() {
    return state;
  }
}
