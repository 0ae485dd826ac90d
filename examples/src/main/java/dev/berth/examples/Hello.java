package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.limit.ConnectionLimit;
import java.io.IOException;
import java.net.InetSocketAddress;

/** The smallest server: one handler for whatever is asked, on 10,000 connections at most. */
public final class Hello {
  private Hello() {}

  static Server start(int port) throws IOException {
    return Server.builder()
        .listen(new InetSocketAddress(port))
        .handler((request, response) -> response.text("hello, " + request.peer()))
        .limit(ConnectionLimit.of(10_000))
        .start();
  }

  public static void main(String[] arguments) throws IOException {
    start(8080);
  }
}
