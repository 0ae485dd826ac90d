package dev.berth.operator;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** An API server that answers as a test says, each request on a thread of its own; its client. */
public record AnsweringApi(HttpServer server, KubernetesClient client) implements AutoCloseable {
  public static AnsweringApi start(HttpHandler answer) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", answer);
    server.start();
    var client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .withWatchReconnectInterval(50)
                    .build())
            .withHttpClientFactory(new JdkHttpClientFactory())
            .build();
    return new AnsweringApi(server, client);
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
