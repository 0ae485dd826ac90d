package dev.berth.benchmarks.throughput;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A reverse proxy to measure: how to start it before an upstream, on two processors. Content is
 * passed on as it comes by all, and they add the same headers.
 */
enum ProxyPeer {
  BERTH("Berth") {
    @Override
    List<String> command(int port, int upstream) {
      return List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-Xmx1g",
          "--enable-native-access=ALL-UNNAMED",
          "-Djdk.virtualThreadScheduler.parallelism=2",
          "-cp",
          System.getProperty("java.class.path"),
          "dev.berth.server.command.BerthServer",
          "--listen=127.0.0.1:" + port,
          "--admin=127.0.0.1:0",
          "--limit=100000",
          "--upstream=http://127.0.0.1:" + upstream);
    }
  },
  NGINX("nginx") {
    @Override
    List<String> command(int port, int upstream) throws IOException {
      Path folder =
          folder(
              "nginx.conf",
              """
              daemon off;
              user root;
              worker_processes 2;
              pid nginx.pid;
              error_log stderr error;
              events { worker_connections 4096; }
              http {
                access_log off;
                client_body_temp_path body;
                proxy_temp_path proxy;
                fastcgi_temp_path fastcgi;
                uwsgi_temp_path uwsgi;
                scgi_temp_path scgi;
                keepalive_requests 100000000;
                upstream app { server 127.0.0.1:%d; keepalive 256; keepalive_requests 100000000; }
                server {
                  listen 127.0.0.1:%d;
                  location / {
                    proxy_pass http://app;
                    proxy_http_version 1.1;
                    proxy_request_buffering off;
                    proxy_set_header Connection "";
                    proxy_set_header Host $host;
                    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
                    proxy_set_header X-Forwarded-Proto $scheme;
                    client_max_body_size 0;
                  }
                }
              }
              """
                  .formatted(upstream, port));
      return List.of("nginx", "-p", folder.toString(), "-c", "nginx.conf", "-e", "error.log");
    }
  },
  HAPROXY("HAProxy") {
    @Override
    List<String> command(int port, int upstream) throws IOException {
      Path folder =
          folder(
              "haproxy.cfg",
              """
              global
                  nbthread 2
                  maxconn 4000
              defaults
                  mode http
                  timeout connect 5s
                  timeout client 60s
                  timeout server 60s
                  option forwardfor
                  http-reuse always
              listen front
                  bind 127.0.0.1:%d
                  http-request set-header X-Forwarded-Proto http
                  server app 127.0.0.1:%d
              """
                  .formatted(port, upstream));
      return List.of("haproxy", "-db", "-f", folder.resolve("haproxy.cfg").toString());
    }
  };

  private final String title;

  ProxyPeer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  abstract List<String> command(int port, int upstream) throws IOException;

  private static Path folder(String file, String text) throws IOException {
    Path folder = Files.createTempDirectory("berth-proxy");
    Files.writeString(folder.resolve(file), text);
    return folder;
  }
}
