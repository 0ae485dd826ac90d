package dev.berth.operator.local;

import dev.berth.server.command.BerthServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * A server that ends with whoever started it: the server's own command, and a thread that drains
 * and exits when its standard input ends, as the pipe to a killed parent does.
 */
public final class LocalServer {
  private LocalServer() {}

  /** Runs the server with its own command line. */
  public static void main(String[] arguments) {
    Thread.ofPlatform().daemon().name("parent").start(() -> endWith(System.in));
    BerthServer.main(arguments);
  }

  private static void endWith(InputStream parent) {
    try {
      parent.transferTo(OutputStream.nullOutputStream());
    } catch (IOException broken) {
      System.err.println("the pipe to the parent broke: " + broken.getMessage());
    }
    System.exit(0);
  }
}
