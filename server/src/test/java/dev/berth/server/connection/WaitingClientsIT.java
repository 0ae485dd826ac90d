package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FailingLog;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The watch over those who wait, as it fails and ends. */
final class WaitingClientsIT {
  private final CountDownLatch watched = new CountDownLatch(1);

  private Thread waiting(WaitingClients clients, SocketChannel channel) {
    return Thread.ofVirtual()
        .start(() -> {
          clients.watch(new WaitingClient(channel, Thread.currentThread()));
          watched.countDown();
          while (!Thread.currentThread().isInterrupted()) {
            LockSupport.park();
          }
        });
  }

  private interface Ending {
    void of(WaitingClients clients, SocketChannel channel) throws Exception;
  }

  private static void with(Ending ending) throws Exception {
    try (ServerSocketChannel listening = ServerSocketChannel.open()) {
      listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel client = SocketChannel.open(listening.getLocalAddress());
          SocketChannel accepted = listening.accept()) {
        assertThat(client.isConnected()).isTrue();
        accepted.configureBlocking(false);
        ending.of(new WaitingClients(), accepted);
      }
    }
  }

  private static void isSentHome(Thread waiter) {
    await().until(() -> !waiter.isAlive());
  }

  @Test
  void whoWaitsIsSentHomeThoughNoRoundFollowsTheStop() throws Exception {
    with((clients, channel) -> {
      Thread waiter = waiting(clients, channel);
      watched.await();
      clients.stop();
      clients.run();
      isSentHome(waiter);
    });
  }

  @Test
  void whoComesAfterTheStopIsSentHome() throws Exception {
    with((clients, channel) -> {
      clients.stop();
      clients.run();
      isSentHome(waiting(clients, channel));
    });
  }

  @Test
  void whoComesAfterARoundThatFailedIsSentHomeThoughTheLogFailsAsWell() throws Exception {
    Thread unwilling =
        new Thread() {
          @Override
          public void interrupt() {
            throw new IllegalStateException("on purpose");
          }
        };
    with((clients, channel) -> {
      Thread watch = Thread.ofPlatform().daemon().start(clients);
      try (FailingLog log = new FailingLog(WaitingClients.class)) {
        clients.watch(new WaitingClient(channel, unwilling));
        channel.shutdownInput();
        await().until(() -> log.told() > 0);
        with((_, other) -> {
          Thread waiter = waiting(clients, other);
          watched.await();
          other.shutdownInput();
          isSentHome(waiter);
        });
      }
      clients.stop();
      watch.join();
    });
  }
}
