package dev.berth.benchmarks.calm;

import dev.berth.benchmarks.peer.ImageFlags;
import dev.berth.benchmarks.peer.Peer;
import dev.berth.benchmarks.peer.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A server that can be attacked, and how it is started. Each answers a few bytes to any request.
 */
enum Contender {
  /** With the heap that its image has in 512 MiB. */
  BERTH {
    @Override
    List<String> command(Path folder, int port, int limit, boolean patient) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(ImageFlags.with("-Xmx256m"));
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      command.add("dev.berth.server.command.BerthServer");
      command.addAll(List.of("--listen", "0.0.0.0:" + port, "--admin", "127.0.0.1:0"));
      command.addAll(List.of("--limit", Integer.toString(limit)));
      if (patient) {
        command.addAll(
            List.of("--header-timeout", "5m", "--read-timeout", "5m", "--write-timeout", "5m"));
      }
      return command;
    }
  },
  /**
   * One worker. It knows no limit that idle connections count for: in a storm it says 503 to all
   * who ask for {@link Storm#PATH}, and lingers as it does by default, which is the least that a
   * refusal costs it.
   */
  NGINX {
    @Override
    List<String> command(Path folder, int port, int limit, boolean patient) throws IOException {
      Path own = Files.createDirectories(folder.resolve("nginx")).toAbsolutePath();
      String timeouts = patient ? PATIENT : "";
      Files.writeString(own.resolve("nginx.conf"), conf(timeouts, port));
      return List.of("/usr/sbin/nginx", "-p", own.toString(), "-c", "nginx.conf", "-e", "stderr");
    }
  },
  NETTY {
    @Override
    List<String> command(Path folder, int port, int limit, boolean patient)
        throws IOException, InterruptedException {
      return Peer.NETTY.command(port, 2, Service.HELLO, ImageFlags.with("-Xmx256m"));
    }
  },
  GO {
    @Override
    List<String> command(Path folder, int port, int limit, boolean patient)
        throws IOException, InterruptedException {
      return Peer.GO.command(port, 2, Service.HELLO, List.of());
    }
  };

  private static final String PATIENT =
      "client_header_timeout 300s; client_body_timeout 300s; send_timeout 300s;";

  private static String conf(String timeouts, int port) {
    return """
    daemon off;
    master_process off;
    pid nginx.pid;
    worker_rlimit_nofile 20000;
    events { worker_connections 18000; }
    http {
      access_log off;
      keepalive_requests 1000000000;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      scgi_temp_path scgi;
      uwsgi_temp_path uwsgi;
      %s
      server {
        listen %d backlog=4096;
        location / { return 200 "hello\\n"; }
        location = /storm { keepalive_timeout 0; add_header Retry-After 1 always; return 503; }
      }
    }
    """
        .formatted(timeouts, port);
  }

  /** What starts it. Those that know no limit take whoever comes. */
  abstract List<String> command(Path folder, int port, int limit, boolean patient)
      throws IOException, InterruptedException;

  /** Its name in tables. */
  String title() {
    return name().toLowerCase(Locale.ROOT);
  }
}
