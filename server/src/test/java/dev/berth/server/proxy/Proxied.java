package dev.berth.server.proxy;

import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import java.io.IOException;
import java.time.Duration;

/** A server in front of an upstream that is under a test's control, and one client of it. */
final class Proxied implements AutoCloseable {
  static final UpstreamLimits LIMITS =
      new UpstreamLimits(2, Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(4));

  final RawUpstream upstream = new RawUpstream();
  final Told told = new Told();
  final FakeTime time = new FakeTime();
  final ReverseProxy proxy;
  final Server server;
  final RawClient client;

  Proxied() throws IOException {
    this(LIMITS);
  }

  Proxied(UpstreamLimits limits) throws IOException {
    proxy = ReverseProxy.to(upstream.address(), limits, told, time);
    server = TestServers.builder().handler(proxy).start();
    client = RawClient.connect(server);
  }

  /** What the upstream hears of a head that the client sends, and the connection it came on. */
  RawClient hears(String head) throws IOException {
    client.send(RawClient.wire(head));
    return upstream.accept();
  }

  void awaitDone(int requests) {
    await().until(() -> told.outcomes().size() == requests);
  }

  @Override
  public void close() {
    client.close();
    server.stop();
    proxy.close();
    upstream.close();
  }
}
