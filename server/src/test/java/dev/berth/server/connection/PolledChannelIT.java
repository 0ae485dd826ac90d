package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Waiting for a socket, with its other end in the test's hands. */
final class PolledChannelIT {
  private static final int MORE_THAN_SOCKETS_HOLD = 64 * 1024 * 1024;

  private final FakeTime time = new FakeTime();
  private final ServerSocketChannel listening = ServerSocketChannel.open();
  private final Pollers pollers;
  private final SocketChannel client;
  private final PolledChannel channel;

  PolledChannelIT() throws IOException {
    pollers = Pollers.open(time, ConnectionEvents.UNHEARD);
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    client = SocketChannel.open(listening.getLocalAddress());
    channel = accept();
  }

  private PolledChannel accept() throws IOException {
    SocketChannel accepted = listening.accept();
    accepted.configureBlocking(false);
    return pollers.poll(accepted, 1);
  }

  @BeforeEach
  void start() {
    pollers.start();
  }

  @AfterEach
  void stop() throws IOException {
    client.close();
    channel.close();
    listening.close();
    pollers.stop();
  }

  private record Started<T>(Thread thread, FutureTask<T> task) {
    /** What came of it, thrown if it was an exception. */
    T outcome() throws Throwable {
      try {
        return task.get();
      } catch (ExecutionException failed) {
        throw failed.getCause();
      }
    }

    void awaitWaiting() {
      await().until(() -> thread.getState() == Thread.State.WAITING);
    }
  }

  private static <T> Started<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    return new Started<>(Thread.ofVirtual().start(task), task);
  }

  private Started<String> startReading() {
    Started<String> reading =
        start(() -> {
          ByteBuffer into = ByteBuffer.allocate(16);
          int count = channel.read(into);
          return count < 0 ? "end" : new String(into.array(), 0, count, StandardCharsets.US_ASCII);
        });
    reading.awaitWaiting();
    return reading;
  }

  private void send(String text) throws IOException {
    client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void aReaderWaitsForWhatComes() throws Throwable {
    for (String word : new String[] {"one", "two", "three"}) {
      Started<String> reading = startReading();
      send(word);
      assertThat(reading.outcome()).isEqualTo(word);
    }
  }

  @Test
  void nothingIsNothingForOneThatDoesNotWait() throws IOException {
    assertThat(channel.readNow(ByteBuffer.allocate(1))).isZero();
  }

  @Test
  void aReaderFindsTheEnd() throws Throwable {
    Started<String> reading = startReading();
    client.shutdownOutput();
    assertThat(reading.outcome()).isEqualTo("end");
  }

  @Test
  void aReaderFindsTheEndThatAnotherThreadMakes() throws Throwable {
    Started<String> reading = startReading();
    channel.shutdownInput();
    assertThat(reading.outcome()).isEqualTo("end");
  }

  @Test
  void aReaderIsToldOfAClose() {
    Started<String> reading = startReading();
    assertThatThrownBy(
            () -> {
              channel.close();
              reading.outcome();
            })
        .isInstanceOf(ClosedChannelException.class);
  }

  @Test
  void oneThatIsClosedJustAsItBecomesReadyIsNoFailure() throws IOException {
    try (Selector selector = Selector.open()) {
      SelectionKey key = channel.register(selector);
      channel.close();
      assertThat(PolledChannel.readyFor(key)).isZero();
      assertThatCode(() -> channel.wakeWriter(key)).doesNotThrowAnyException();
    }
  }

  @Test
  void anInterruptClosesWhatIsWaitedFor() {
    Started<String> reading = startReading();
    reading.thread().interrupt();
    assertThatThrownBy(reading::outcome).isInstanceOf(ClosedByInterruptException.class);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void oneReadsWhileAnotherWaitsToWrite() throws Throwable {
    ByteBuffer much = ByteBuffer.allocate(MORE_THAN_SOCKETS_HOLD);
    Started<Integer> writing =
        start(() -> {
          int count = 0;
          while (much.hasRemaining()) {
            count += channel.write(much);
          }
          return count;
        });
    writing.awaitWaiting();
    Started<String> reading = startReading();
    send("meanwhile");
    assertThat(reading.outcome()).isEqualTo("meanwhile");
    int taken = 0;
    ByteBuffer into = ByteBuffer.allocate(1024 * 1024);
    while (taken < MORE_THAN_SOCKETS_HOLD) {
      taken += client.read(into.clear());
    }
    assertThat(writing.outcome()).isEqualTo(MORE_THAN_SOCKETS_HOLD);
  }

  @Test
  void whoComesToReadSendsHomeWhoWaitsAlready() throws Throwable {
    Started<String> before = startReading();
    Started<String> reading = startReading();
    assertThat(before.thread().join(Duration.ofSeconds(20))).isTrue();
    assertThatThrownBy(before::outcome)
        .isInstanceOf(IOException.class)
        .hasMessage("another thread reads now");
    send("word");
    assertThat(reading.outcome()).isEqualTo("word");
  }

  // The poller is told of it once more than anybody waits for, and has to listen again for the
  // next.
  @Test
  void whatNobodyWaitedForIsThereForWhoWaitsLater() throws Throwable {
    Started<String> reading = startReading();
    send("first");
    assertThat(reading.outcome()).isEqualTo("first");
    send("unheard");
    try (SocketChannel otherClient = SocketChannel.open(listening.getLocalAddress());
        PolledChannel other = accept()) {
      Started<Integer> otherReading = start(() -> other.read(ByteBuffer.allocate(1)));
      otherReading.awaitWaiting();
      otherClient.write(ByteBuffer.wrap(new byte[1]));
      assertThat(otherReading.outcome()).isEqualTo(1);
    }
    start(
            () -> {
              channel.awaitReadable(false);
              return true;
            })
        .outcome();
    ByteBuffer into = ByteBuffer.allocate(16);
    assertThat(channel.readNow(into)).isEqualTo("unheard".length());
    Started<String> next = startReading();
    send("next");
    assertThat(next.outcome()).isEqualTo("next");
  }

  /** Takes the rest, in its own time. */
  private static final class Taking implements PolledChannel.Gatherer {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch mayEnd = new CountDownLatch(1);
    private volatile boolean ended;

    @Override
    public int room() {
      return 1;
    }

    @Override
    public boolean take(ByteBuffer piece) {
      begun.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException hurry) {
        throw new IllegalStateException(hurry);
      }
      ended = true;
      return false;
    }
  }

  private Started<Boolean> startResting(Taking taking) throws Exception {
    Started<Boolean> resting =
        start(() -> {
          try {
            // The first time, it only lets others run.
            channel.awaitRest(taking);
            channel.awaitRest(taking);
          } catch (ClosedByInterruptException end) {
            // As it should.
          }
          return taking.ended;
        });
    resting.awaitWaiting();
    time.pass(Duration.ofSeconds(1));
    send("x");
    taking.begun.await();
    return resting;
  }

  private static boolean endsAfter(Taking taking, Started<Boolean> resting) throws Throwable {
    await()
        .until(() ->
            switch (resting.thread().getState()) {
              case BLOCKED, TERMINATED -> true;
              default -> false;
            });
    taking.mayEnd.countDown();
    return resting.outcome();
  }

  @Test
  void whoIsAwakenedWhileItsRestIsTakenWaitsForThatToEnd() throws Throwable {
    Taking taking = new Taking();
    Started<Boolean> resting = startResting(taking);
    channel.shutdownInput();
    assertThat(endsAfter(taking, resting)).isTrue();
  }

  @Test
  void whoIsInterruptedWhileItsRestIsTakenWaitsForThatToEnd() throws Throwable {
    Taking taking = new Taking();
    Started<Boolean> resting = startResting(taking);
    resting.thread().interrupt();
    assertThat(endsAfter(taking, resting)).isTrue();
  }
}
