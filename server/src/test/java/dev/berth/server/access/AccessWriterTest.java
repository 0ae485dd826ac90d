package dev.berth.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FailingLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

final class AccessWriterTest {
  private static final InstantSource TIME =
      InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));
  private static final Access ACCESS =
      Access.refused(new InetSocketAddress("192.0.2.7", 4711), 503, 12, "full");

  /** A stream that takes nothing until it is let. */
  private static final class Stuck extends OutputStream {
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch released = new CountDownLatch(1);
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();

    @Override
    public void write(int octet) throws IOException {
      reached.countDown();
      try {
        released.await();
      } catch (InterruptedException over) {
        throw new IOException(over);
      }
      taken.write(octet);
    }
  }

  @Test
  void writesWhatWaitsBeforeItEnds() {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    AccessWriter log = AccessWriter.start(sink, AccessFormat.JSON, TIME);
    for (int answer = 0; answer < 100; answer++) {
      log.answered(ACCESS);
    }
    log.close();
    assertThat(sink.toString(StandardCharsets.US_ASCII))
        .hasLineCount(100)
        .contains("\"time\":\"2026-01-01T00:00:00.000Z\"");
    assertThat(log.dropped()).isZero();
  }

  @Test
  void writesWithoutBeingClosed() {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    try (AccessWriter log = AccessWriter.start(sink, AccessFormat.TEXT, TIME)) {
      log.answered(ACCESS);
      await().until(() -> sink.toString(StandardCharsets.US_ASCII).endsWith("\"full\"\n"));
    }
  }

  @Test
  void dropsAndCountsWhatASlowReaderHasNoRoomFor() throws Exception {
    Stuck sink = new Stuck();
    AccessWriter log = AccessWriter.start(sink, AccessFormat.TEXT, TIME);
    log.answered(ACCESS);
    sink.reached.await();
    for (int answer = 0; answer < AccessWriter.WAITING_AT_MOST + 10; answer++) {
      log.answered(ACCESS);
    }
    assertThat(log.dropped()).isEqualTo(10);

    sink.released.countDown();
    log.close();
    assertThat(sink.taken.toString(StandardCharsets.US_ASCII))
        .hasLineCount(1 + AccessWriter.WAITING_AT_MOST);
  }

  @Test
  void countsWhatABrokenReaderDidNotGet() {
    OutputStream broken =
        new OutputStream() {
          @Override
          public void write(int octet) throws IOException {
            throw new IOException("Broken pipe");
          }
        };
    try (AccessWriter log = AccessWriter.start(broken, AccessFormat.TEXT, TIME)) {
      log.answered(ACCESS);
      await().until(() -> log.dropped() == 1);
    }
  }

  @Test
  void writesAgainAfterAFailureOfWhichTheLogCouldNotSay() {
    ByteArrayOutputStream sink = new ByteArrayOutputStream();
    OutputStream brokenOnce =
        new OutputStream() {
          private boolean broken = true;

          @Override
          public void write(int octet) throws IOException {
            if (broken) {
              broken = false;
              throw new IOException("Broken pipe");
            }
            sink.write(octet);
          }
        };
    try (FailingLog log = new FailingLog(AccessWriter.class);
        AccessWriter writer = AccessWriter.start(brokenOnce, AccessFormat.TEXT, TIME)) {
      writer.answered(ACCESS);
      await().until(() -> log.told() > 0);
      writer.answered(ACCESS);
      await().until(() -> sink.toString(StandardCharsets.US_ASCII).endsWith("\"full\"\n"));
    }
  }
}
