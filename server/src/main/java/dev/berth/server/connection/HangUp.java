package dev.berth.server.connection;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The wait for a client to hang up, on a virtual thread of its own, while the connection's thread
 * waits for something else. It reads the channel, so nobody else does, and drops what comes. Ends
 * at the latest with the channel.
 */
final class HangUp implements Runnable {
  private static final int SCRATCH = 256;

  private final PolledChannel channel;
  private final Runnable told;

  private HangUp(PolledChannel channel, Runnable told) {
    this.channel = channel;
    this.told = told;
  }

  /** Has {@code told} run, on another thread, once the client sends no more. */
  static void await(PolledChannel channel, Runnable told) {
    Thread.ofVirtual().inheritInheritableThreadLocals(false).start(new HangUp(channel, told));
  }

  @Override
  public void run() {
    ByteBuffer dropped = ByteBuffer.allocate(SCRATCH);
    try {
      while (channel.read(dropped) >= 0) {
        dropped.clear();
      }
    } catch (IOException gone) {
      // With a reset, or the server has closed it.
    }
    told.run();
  }
}
