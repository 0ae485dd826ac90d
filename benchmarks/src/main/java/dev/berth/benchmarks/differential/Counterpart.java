package dev.berth.benchmarks.differential;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A server that Berth is compared with, how it is set up and how started. All its files, its socket
 * included, are in a folder of its own, which it is started in.
 */
enum Counterpart {
  NGINX("nginx", "apt install nginx") {
    @Override
    List<String> command(Path folder) throws IOException {
      Files.writeString(folder.resolve("nginx.conf"), NGINX_CONF);
      return List.of(program(), "-p", folder.toString(), "-c", "nginx.conf", "-e", "error.log");
    }
  },
  HAPROXY("haproxy", "apt install haproxy") {
    @Override
    List<String> command(Path folder) throws IOException {
      Files.writeString(folder.resolve("haproxy.cfg"), HAPROXY_CFG);
      return List.of(program(), "-db", "-q", "-f", "haproxy.cfg");
    }
  },
  GO("go", "https://go.dev/dl") {
    @Override
    List<String> command(Path folder) throws IOException, InterruptedException {
      build(folder);
      return List.of(folder.resolve("framing").toString(), SOCKET);
    }
  };

  static final String SOCKET = "peer.sock";
  static final String RECORDER = "recorder.sock";

  private static final String NGINX_CONF =
      """
      daemon off;
      master_process off;
      pid nginx.pid;
      events { worker_connections 1024; }
      http {
        access_log off;
        client_body_temp_path body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        scgi_temp_path scgi;
        uwsgi_temp_path uwsgi;
        server {
          listen unix:peer.sock;
          location / {
            proxy_pass http://recorder;
            proxy_http_version 1.1;
            # a client that has sent all still wants its answer
            proxy_ignore_client_abort on;
          }
        }
        upstream recorder { server unix:recorder.sock; }
      }
      """;

  private static final String HAPROXY_CFG =
      """
      global
        maxconn 1024
        nbthread 1
      defaults
        mode http
        option http-server-close
        timeout connect 10s
        timeout client 60s
        timeout server 60s
      frontend peer
        bind unix@peer.sock
        default_backend recorder
      backend recorder
        server recorder unix@recorder.sock
      """;

  private final String program;
  private final String source;

  Counterpart(String program, String source) {
    this.program = program;
    this.source = source;
  }

  abstract List<String> command(Path folder) throws IOException, InterruptedException;

  /** Its name in tables, and its program's. */
  String title() {
    return program;
  }

  /** Where its program is to be had from. */
  String source() {
    return source;
  }

  boolean installed() {
    return places().anyMatch(Files::isExecutable);
  }

  String program() {
    return places().filter(Files::isExecutable).findFirst().orElseThrow().toString();
  }

  // Servers are where only root's path looks.
  private Stream<Path> places() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    return Stream.concat(Stream.of(path.split(File.pathSeparator)), Stream.of("/usr/sbin"))
        .map(folder -> Path.of(folder, program));
  }

  private static void build(Path folder) throws IOException, InterruptedException {
    for (String file : List.of("main.go", "go.mod")) {
      try (InputStream source = Counterpart.class.getResourceAsStream("/go/framing/" + file)) {
        Files.write(folder.resolve(file), Objects.requireNonNull(source).readAllBytes());
      }
    }
    Process build =
        new ProcessBuilder(GO.program(), "build", "-o", "framing", ".")
            .directory(folder.toFile())
            .inheritIO()
            .start();
    if (!build.waitFor(300, TimeUnit.SECONDS) || build.exitValue() != 0) {
      throw new IOException("go could not build " + folder);
    }
  }
}
