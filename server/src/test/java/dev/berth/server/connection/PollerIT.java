package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whom a poller wakes first. */
final class PollerIT {
  private static final int SLOW = 200;
  private static final int BUSY = 16;
  private static final int MUCH = 32 * 1024;

  private final FakeTime time = new FakeTime();
  private final Pollers pollers = Pollers.open(time, ConnectionEvents.UNHEARD);
  private final ServerSocketChannel listening = ServerSocketChannel.open();
  private final List<SocketChannel> clients = new ArrayList<>();
  private final List<PolledChannel> accepted = new ArrayList<>();
  private final List<String> woken = new CopyOnWriteArrayList<>();

  PollerIT() throws IOException {
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  @AfterEach
  void close() throws IOException {
    for (SocketChannel client : clients) {
      client.close();
    }
    for (PolledChannel channel : accepted) {
      channel.close();
    }
    listening.close();
    pollers.stop();
  }

  private interface Reading {
    void from(PolledChannel channel) throws IOException;
  }

  /** Connects a client whose next byte, when it has come, is told under that name. */
  private void connect(String name, Reading reading) throws IOException {
    clients.add(SocketChannel.open(listening.getLocalAddress()));
    SocketChannel socket = listening.accept();
    socket.configureBlocking(false);
    PolledChannel channel = pollers.poll(socket, 1);
    accepted.add(channel);
    Thread thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                reading.from(channel);
                woken.add(name);
              } catch (IOException closed) {
                woken.add("failure");
              }
            });
    await().until(() -> thread.getState() == Thread.State.WAITING);
  }

  @Test
  void whoAsksAnewDoesNotStandBehindAllWhoseRestComesSlowly() throws Exception {
    for (int one = 0; one < SLOW; one++) {
      connect("slow", channel -> channel.read(ByteBuffer.allocate(1), true));
    }
    connect("new", channel -> channel.read(ByteBuffer.allocate(1)));
    time.pass(Duration.ofSeconds(1));
    for (SocketChannel client : clients) {
      client.write(ByteBuffer.wrap(new byte[1]));
    }
    pollers.start();
    await().until(() -> woken.size() == SLOW + 1);
    assertThat(woken).doesNotContain("failure");
    assertThat(woken.indexOf("new")).isLessThan(SLOW / 2);
  }

  @Test
  void whoStandsAsideIsWokenAlsoWhileTheRestOfOthersComesWithoutAPause() throws Exception {
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<Integer> takenBefore = new CompletableFuture<>();
    for (int one = 0; one < BUSY; one++) {
      connect(
          "busy",
          channel -> {
            while (channel.isOpen()) {
              channel.awaitRest(new ByteForByte(taken));
            }
          });
    }
    connect(
        "slow",
        channel -> {
          channel.read(ByteBuffer.allocate(1), true);
          takenBefore.complete(taken.get());
        });
    time.pass(Duration.ofSeconds(1));
    for (SocketChannel client : clients) {
      client.write(ByteBuffer.wrap(new byte[MUCH]));
    }
    pollers.start();
    assertThat(takenBefore).succeedsWithin(Duration.ofSeconds(20));
    assertThat(takenBefore.join()).isLessThan(BUSY * MUCH);
  }

  /** Gathers what never is enough, and as little of it at once as can be. */
  private record ByteForByte(AtomicInteger taken) implements PolledChannel.Gatherer {
    @Override
    public int room() {
      return 1;
    }

    @Override
    public boolean take(ByteBuffer piece) {
      taken.addAndGet(piece.remaining());
      return false;
    }
  }
}
