package dev.berth.server.connection;

import java.io.IOException;

/**
 * The wait for a client to hang up, on a virtual thread of its own, while the connection's thread
 * waits for something else. It reads the channel, so nobody else does, and drops what comes. Ends
 * at the latest with the channel.
 */
final class HangUp implements Runnable {
  private final PolledChannel channel;
  private final Runnable told;

  private HangUp(PolledChannel channel, Runnable told) {
    this.channel = channel;
    this.told = told;
  }

  /** Has {@code told} run, on the thread that is returned, once the client sends no more. */
  static Thread await(PolledChannel channel, Runnable told) {
    return Thread.ofVirtual()
        .inheritInheritableThreadLocals(false)
        .start(new HangUp(channel, told));
  }

  @Override
  public void run() {
    try {
      channel.skipToEnd();
    } catch (IOException gone) {
      // With a reset, or the server has closed it.
    }
    told.run();
  }
}
