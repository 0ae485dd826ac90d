package dev.berth.e2e.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/** A server that passes requests on, from the executable jar. */
final class Door implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final Background process;
  private final int port;
  private final int adminPort;

  private Door(Background process, int port, int adminPort) {
    this.process = process;
    this.port = port;
    this.adminPort = adminPort;
  }

  /** Starts one before the server that listens on the port {@code upstream}. */
  static Door start(int upstream) {
    int port = Background.freePort();
    int admin = Background.freePort();
    return new Door(
        Background.startJar(
            "server/target/berth-server.jar",
            "e2e/target/door.log",
            "--listen",
            "127.0.0.1:" + port,
            "--admin",
            "127.0.0.1:" + admin,
            "--upstream",
            "http://127.0.0.1:" + upstream),
        port,
        admin);
  }

  int adminPort() {
    return adminPort;
  }

  /** Asks one request through it, and gives the status that it was answered with. */
  int ask() throws IOException, InterruptedException {
    process.mustBeRunning();
    var uri = URI.create("http://127.0.0.1:%d/".formatted(port));
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
  }

  @Override
  public void close() {
    http.close();
    process.close();
  }
}
