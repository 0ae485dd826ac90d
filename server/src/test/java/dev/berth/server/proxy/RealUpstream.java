package dev.berth.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.berth.server.Installed;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Echo;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another's HTTP server, running until it is closed; a test of one that isn't installed is skipped.
 */
final class RealUpstream implements AutoCloseable {
  private static final Path RESOURCES = Path.of("src/test/resources/dev/berth/server/proxy");

  /** Those that send content back, and all but the JDK's echo what is upgraded. */
  enum Echoing {
    JDK,
    BERTH,
    NODE,
    GO
  }

  private final UpstreamAddress address;
  private final Runnable stop;

  private RealUpstream(int port, Runnable stop) {
    this.address = new UpstreamAddress("127.0.0.1", port);
    this.stop = stop;
  }

  UpstreamAddress address() {
    return address;
  }

  static RealUpstream start(Echoing which, Path folder) throws Exception {
    return switch (which) {
      case JDK -> jdk();
      case BERTH -> berth();
      case NODE ->
          process(
              List.of(
                  Installed.program("node").toString(),
                  RESOURCES.resolve("upstream.mjs").toString()));
      case GO -> process(List.of(built(folder).toString()));
    };
  }

  private static RealUpstream jdk() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String length = exchange.getRequestHeaders().getFirst("Content-Length");
          exchange.sendResponseHeaders(200, length == null ? 0 : Long.parseLong(length));
          try (exchange) {
            exchange.getRequestBody().transferTo(exchange.getResponseBody());
          }
        });
    server.setExecutor(task -> Thread.ofVirtual().start(task));
    server.start();
    return new RealUpstream(server.getAddress().getPort(), () -> server.stop(0));
  }

  private static RealUpstream berth() throws IOException {
    Server server = TestServers.builder().handler(new Echo()).start();
    return new RealUpstream(server.address().getPort(), server::stop);
  }

  private static Path built(Path folder) throws Exception {
    Path program = folder.resolve("upstream");
    Process build =
        new ProcessBuilder(
                Installed.program("go").toString(),
                "build",
                "-o",
                program.toString(),
                RESOURCES.resolve("upstream.go").toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("build.log").toFile())
            .start();
    assertThat(build.waitFor(5, TimeUnit.MINUTES)).isTrue();
    assertThat(build.exitValue()).as(Files.readString(folder.resolve("build.log"))).isZero();
    return program;
  }

  private static RealUpstream process(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    return new RealUpstream(Integer.parseInt(out.readLine()), () -> end(process));
  }

  /** An nginx that serves the folder. */
  static RealUpstream nginx(Path folder) throws IOException {
    Path nginx = Installed.program("nginx");
    int port = Installed.freePort();
    Path configuration = folder.resolve("nginx.conf");
    Files.writeString(
        configuration,
        """
        daemon off;
        user root;
        worker_processes 1;
        pid nginx.pid;
        error_log error.log;
        events {}
        http {
          access_log off;
          gzip on;
          gzip_proxied any;
          gzip_types *;
          gzip_min_length 1;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          server { listen 127.0.0.1:%d; root %s; }
        }
        """
            .formatted(port, folder));
    Process process =
        new ProcessBuilder(
                nginx.toString(), "-p", folder.toString(), "-c", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("nginx.log").toFile())
            .start();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreException(ConnectException.class)
        .until(() -> {
          assertThat(process.isAlive()).as(Files.readString(folder.resolve("nginx.log"))).isTrue();
          new Socket(InetAddress.getLoopbackAddress(), port).close();
          return true;
        });
    return new RealUpstream(port, () -> end(process));
  }

  private static void end(Process process) {
    process.destroy();
    try {
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop.run();
  }
}
