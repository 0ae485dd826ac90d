package dev.berth.operator.command;

import dev.berth.server.command.SteadyLogs;

/** How the operator logs: one line each, to standard error, to the end. */
final class Logs {
  private static final String LINE = "%1$tFT%1$tT.%1$tL%1$tz %4$s %5$s%6$s%n";
  private static final String FORMAT = "java.util.logging.SimpleFormatter.format";

  private Logs() {}

  /** To be called before the first logger is made. */
  static void byTheLine() {
    System.setProperty("java.util.logging.manager", SteadyLogs.class.getName());
    if (System.getProperty(FORMAT) == null) {
      System.setProperty(FORMAT, LINE);
    }
  }
}
