package dev.berth.server.connection;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import dev.berth.server.websocket.WebSockets;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CountDownLatch;

/**
 * A process with a server that others keep busy, by what the property {@code with} names; it prints
 * what one more client gets meanwhile. The clients' threads are the system's.
 */
final class OneCarrier {
  private static final int UNDER_WAY = 4 * 1024 * 1024;
  private static final int AT_ONCE = 256 * 1024;
  private static final long WORK_NANOS = 20_000;
  private static final int CROWD = 64;
  private static final int OFTEN = 100;
  private static final int OTHERS = 5;
  private static final Handler ROUTES =
      Router.builder()
          .get("/", (request, response) -> response.text("served"))
          .get("/work", (request, response) -> work(response))
          .post("/", (request, response) -> readOneByOne(request.body()))
          .get("/endless", (request, response) -> writeOneByOne(response.stream()))
          .get(
              "/chat",
              WebSockets.DEFAULT.handler(socket -> {
                while (true) {
                  socket.receive();
                }
              }))
          .build();

  private OneCarrier() {}

  // All of these take longer than what the client does.

  private static void work(Response response) throws IOException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < WORK_NANOS) {}
    response.text("done");
  }

  private static void readOneByOne(InputStream body) throws IOException {
    while (body.read() >= 0) {}
  }

  private static void writeOneByOne(OutputStream content) throws IOException {
    while (true) {
      content.write('x');
    }
  }

  public static void main(String[] arguments) throws Exception {
    Server server = TestServers.builder().handler(ROUTES).start();
    RawClient busy = RawClient.connect(server);
    CountDownLatch underWay = new CountDownLatch(1);
    switch (System.getProperty("with")) {
      case "requests" -> {
        Thread.ofPlatform().start(() -> take(busy, underWay));
        send(busy, "", "GET /work HTTP/1.1\r\nHost: x\r\n\r\n", new CountDownLatch(1));
      }
      case "a body" ->
          send(
              busy,
              "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 999999999999\r\n\r\n",
              "x",
              underWay);
      case "frames" ->
          send(
              busy,
              """
              GET /chat HTTP/1.1
              Host: x
              Connection: upgrade
              Upgrade: websocket
              Sec-WebSocket-Version: 13
              Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

              """
                  .replace("\n", "\r\n"),
              "\u0081\u0081\0\0\0\0x",
              underWay);
      case "a crowd" -> {
        for (int one = 0; one < CROWD; one++) {
          RawClient asking = RawClient.connect(server);
          Thread.ofPlatform().start(() -> askOnAndOn(asking, underWay));
        }
      }
      default -> {
        busy.get("/endless");
        Thread.ofPlatform().start(() -> take(busy, underWay));
      }
    }
    underWay.await();
    System.out.print(others(server));
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void send(RawClient client, String first, String again, CountDownLatch underWay) {
    String much = again.repeat(AT_ONCE / again.length());
    Thread.ofPlatform()
        .start(() -> {
          try {
            client.send(first);
            for (int sent = 0; true; sent += much.length()) {
              client.send(much);
              if (sent >= UNDER_WAY) {
                underWay.countDown();
              }
            }
          } catch (IOException cut) {
            System.out.println("the busy client was cut: " + cut);
          }
        });
  }

  private static void askOnAndOn(RawClient client, CountDownLatch underWay) {
    try {
      for (int asked = 0; true; asked++) {
        client.get("/work").readResponse();
        if (asked == OFTEN) {
          underWay.countDown();
        }
      }
    } catch (IOException cut) {
      System.out.println("one of the crowd was cut: " + cut);
    }
  }

  private static void take(RawClient client, CountDownLatch underWay) {
    try {
      while (client.readBytes(UNDER_WAY).length == UNDER_WAY) {
        underWay.countDown();
      }
      System.out.println("the busy client was sent home");
    } catch (IOException cut) {
      System.out.println("the busy client was cut: " + cut);
    }
  }

  private static String others(Server server) {
    try {
      String got = "";
      for (int other = 0; other < OTHERS; other++) {
        try (RawClient client = RawClient.connect(server)) {
          got = client.get("/").readResponse();
        }
      }
      return got;
    } catch (IOException failure) {
      return failure.toString();
    }
  }
}
