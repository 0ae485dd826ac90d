package dev.berth.server.command;

import java.util.logging.LogManager;

/**
 * Logs that work to the end: the JDK's log manager closes its handlers as soon as a shutdown
 * begins, which for a server that drains is when there is most to say. Named by a system property,
 * so that the JDK makes it.
 */
public final class SteadyLogs extends LogManager {
  @Override
  public void reset() {
    // See above. The process ends without it.
  }
}
