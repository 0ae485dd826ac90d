package dev.berth.operator.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.random.RandomGenerator;

/** TCP ports of this machine for the processes of a fleet. */
final class Ports {
  // Below the range from which outgoing connections get theirs, so that none is in the way.
  private static final int LOWEST = 20_000;
  private static final int HIGHEST = 32_000;
  private static final int TRIES = 100;

  private Ports() {}

  /**
   * Holds a port that processes are to share with SO_REUSEPORT, for as long as the channel is open:
   * others can't take it, and it takes no connection itself.
   *
   * @param address port 0 for one that is free
   * @throws IOException if someone else has it, another fleet included
   */
  static SocketChannel hold(InetSocketAddress address) throws IOException {
    InetSocketAddress free;
    try (var probe = new ServerSocket()) {
      probe.bind(address);
      free = (InetSocketAddress) probe.getLocalSocketAddress();
    }
    SocketChannel held = SocketChannel.open();
    try {
      held.setOption(StandardSocketOptions.SO_REUSEPORT, true);
      held.bind(free);
      return held;
    } catch (IOException | RuntimeException failure) {
      held.close();
      throw failure;
    }
  }

  /** A port of the loopback address that is free now. */
  static int free(RandomGenerator chance) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      int port = chance.nextInt(LOWEST, HIGHEST);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException(
        "no free port from %d to %d was found in %d tries".formatted(LOWEST, HIGHEST, TRIES));
  }

  private static boolean isFree(int port) {
    try (var probe = new ServerSocket()) {
      probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException taken) {
      return false;
    }
  }
}
