package dev.berth.server.command;

/** What failed, in one line for a terminal. */
public final class OneLine {
  private OneLine() {}

  /** The failure's message, with a space in place of each line break and the blanks around it. */
  public static String of(Exception failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
  }
}
