package dev.berth.server.command;

import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.proxy.ReverseProxy;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;

/** The server's command with a handler that does, by path, what no handler should. */
final class Misbehaving implements Handler {
  private static final int PIECE = 64 * 1024;

  private final Deque<Object> kept = new ArrayDeque<>();

  // There is none.
  private final ReverseProxy upstream = ReverseProxy.to("http://127.0.0.1:1");

  private Misbehaving() {}

  public static void main(String[] arguments) {
    BerthServer.run(options -> new Misbehaving(), arguments);
  }

  @Override
  public void handle(Request request, Response response) throws Exception {
    switch (request.path()) {
      case "/greedy" -> response.body(new byte[1 << 30]);
      case "/fill" -> fill(new ArrayDeque<>());
      case "/keep" -> fill(kept);
      case "/thread" -> dieForWantOfMemory();
      case "/proxied" -> upstream.handle(request, response);
      case "/descriptors" -> openAll();
      default -> response.text("served");
    }
  }

  // The last pieces are small, so that there is no room for anything else in between.
  private static void fill(Deque<Object> pieces) {
    int size = PIECE;
    while (true) {
      try {
        pieces.add(new byte[size]);
      } catch (OutOfMemoryError full) {
        if (size == 0) {
          throw full;
        }
        size /= 2;
      }
    }
  }

  private void openAll() {
    try {
      while (true) {
        kept.add(SocketChannel.open());
      }
    } catch (IOException none) {
      // That was the last.
    }
  }

  // At once, and alone: while it filled the heap, another thread might die before it.
  private void dieForWantOfMemory() throws InterruptedException {
    Thread.ofPlatform().name("doomed").start(() -> kept.add(new byte[1 << 30])).join();
  }
}
