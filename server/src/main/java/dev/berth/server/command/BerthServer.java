package dev.berth.server.command;

/** The server's command. */
public final class BerthServer {
  private BerthServer() {}

  public static void main(String[] arguments) {}
}
