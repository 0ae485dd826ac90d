package dev.berth.server.connection;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * File descriptors that a listener keeps back for when there are no more: given up then, for the
 * admin port, for handlers and for whatever else the process has to open, and taken again before
 * the next connection is accepted. Used by one thread.
 */
final class Descriptors {
  private final int spare;
  private final List<SocketChannel> held = new ArrayList<>();

  Descriptors(int spare) {
    this.spare = spare;
  }

  /** How many files this process may have open. */
  static long most() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : Integer.MAX_VALUE;
  }

  /** Keeps all of them back, or none: whether there were enough. */
  boolean keep() {
    try {
      while (held.size() < spare) {
        held.add(SocketChannel.open());
      }
      return true;
    } catch (IOException none) {
      giveUp();
      return false;
    }
  }

  /** Gives them to whoever needs them. */
  void giveUp() {
    for (SocketChannel channel : held) {
      try {
        channel.close();
      } catch (IOException broken) {
        // Never connected, so there is nothing to lose.
      }
    }
    held.clear();
  }
}
