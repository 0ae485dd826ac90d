package dev.berth.server.connection;

import java.io.IOException;

/** A failure of the network under a handler, to be told from the handler's own. */
final class BrokenWire extends IOException {
  private static final long serialVersionUID = 1;

  BrokenWire(IOException cause) {
    super(cause.getMessage(), cause);
  }
}
