package dev.berth.server.command;

import java.util.logging.LogManager;

/**
 * Logs that work to the end: the JDK's log manager closes its handlers as soon as a shutdown
 * begins, which for a server that drains is when there is most to say. Named by a system property,
 * so that the JDK makes it.
 */
public final class SteadyLogs extends LogManager {
  private static final String LINE = "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n";

  /**
   * Sends all of {@link System.Logger} to standard error, a line each. To be called before the
   * first logger is made.
   */
  static void install() {
    System.setProperty("java.util.logging.manager", SteadyLogs.class.getName());
    if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
      System.setProperty("java.util.logging.SimpleFormatter.format", LINE);
    }
  }

  @Override
  public void reset() {
    // See above. The process ends without it.
  }
}
