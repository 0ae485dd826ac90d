package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.BrokenTime;
import dev.berth.server.FailingLog;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.access.AccessLog;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.Admission.Refused;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What goes on though it failed at something, and the log at saying so. */
final class FailingLogIT {
  // So many that each poller has some of them.
  private static final int MANY = 4 * Runtime.getRuntime().availableProcessors();

  private final BrokenTime time = new BrokenTime(System::nanoTime);

  private static void answersMany(Server server) throws Exception {
    for (int one = 0; one < MANY; one++) {
      try (RawClient client = RawClient.connect(server)) {
        // Of which the second is waited for by the poller.
        assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200");
        assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200");
      }
    }
  }

  @Test
  void theSweeper() throws Exception {
    try (FailingLog log = new FailingLog(Sweeper.class);
        Server server = TestServers.builder().handler(new Hello()).nanoTime(time).start()) {
      time.broken(true);
      await().until(() -> log.told() > 0);
      time.broken(false);
      try (RawClient client = RawClient.connect(server)) {
        client.get("/").readResponse();
        await().until(() -> server.connections().list(1).getFirst().age().isPositive());
      }
      assertThat(server.broken()).isFalse();
    }
  }

  @Test
  void thePollers() throws Exception {
    try (FailingLog log = new FailingLog(Poller.class);
        Server server = TestServers.builder().handler(new Hello()).nanoTime(time).start()) {
      answersMany(server);
      try (RawClient client = RawClient.connect(server)) {
        client.get("/").readResponse();
        time.broken(true);
        client.get("/");
        await().until(() -> log.told() > 0);
        time.broken(false);
      }
      answersMany(server);
    }
  }

  @Test
  void theDoor() throws Exception {
    Door door = new Door(ConnectionEvents.UNHEARD, AccessLog.OFF, Door.places());
    Thread thread = Thread.ofPlatform().daemon().start(door);
    InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    try (FailingLog log = new FailingLog(Door.class);
        ServerSocketChannel listening = ServerSocketChannel.open();
        SocketChannel unconnected = SocketChannel.open()) {
      unconnected.configureBlocking(false);
      door.refuse(unconnected, peer, Refused.LIMIT);
      await().until(() -> log.told() > 0);

      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (RawClient client = RawClient.connect((InetSocketAddress) listening.getLocalAddress())) {
        SocketChannel accepted = listening.accept();
        accepted.configureBlocking(false);
        door.refuse(accepted, peer, Refused.LIMIT);
        assertThat(client.get("/").readAll()).startsWith("HTTP/1.1 503");
      }
    }
    door.stop();
    thread.join();
  }

  @Test
  void aRequestWhoseHandlerFails() throws Exception {
    try (FailingLog log = new FailingLog(Connection.class);
        Server server =
            TestServers.builder()
                .handler((_, _) -> {
                  throw new IllegalStateException("on purpose");
                })
                .start();
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 500");
      assertThat(log.told()).isEqualTo(1);
    }
  }

  @Test
  void whoeverHoldsThePermitOfAClientThatWasNotIntroduced() throws Exception {
    try (FailingLog log = new FailingLog(Introductions.class);
        Server server = TestServers.builder().proxyProtocol(true).start();
        RawClient client = RawClient.connect(server)) {
      client.get("/");
      await().until(() -> log.told() == 1);
      await().until(() -> server.limit().inUse() == 0 && server.connections().count() == 0);
    }
  }
}
