package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FailingLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitFileIT {
  @TempDir Path directory;
  private final BlockingQueue<PodAnnotations> told = new LinkedBlockingQueue<>();
  private final AtomicInteger unusable = new AtomicInteger();
  private final Warnings warnings = new Warnings();

  @BeforeEach
  void listenToTheLog() {
    logger().addHandler(warnings);
    logger().setUseParentHandlers(false);
  }

  @AfterEach
  void leaveTheLog() {
    logger().removeHandler(warnings);
    logger().setUseParentHandlers(true);
  }

  @Test
  void theFileIsReadBeforeFollowReturns() throws Exception {
    Path file = written("berth.dev/limit=\"840\"");
    try (LimitFile _ = follow(file)) {
      assertThat(told.poll()).isEqualTo(limit(840));
    }
  }

  @Test
  void aFileWrittenInPlaceIsFollowed() throws Exception {
    Path file = written("berth.dev/limit=\"1\"");
    try (LimitFile _ = follow(file)) {
      for (int limit = 1; limit < 10; limit++) {
        assertThat(next()).isEqualTo(limit(limit));
        written(
            "berth.dev/limit=\""
                + (limit + 1)
                + "\""); // the same size, and often the same tick of the clock
      }
      assertThat(next()).isEqualTo(limit(10));
    }
  }

  @Test
  void aSecondWriteInTheSameTickOfTheClockIsSeen() throws Exception {
    Path file = written("berth.dev/limit=\"1\"");
    FileTime tick = Files.getLastModifiedTime(file);
    try (LimitFile _ = follow(file)) {
      assertThat(next()).isEqualTo(limit(1));
      written("berth.dev/limit=\"2\"");
      Files.setLastModifiedTime(file, tick); // the same file, size and time as before
      assertThat(next()).isEqualTo(limit(2));
    }
  }

  @Test
  void theSwappedLinksOfTheKubeletAreFollowed() throws Exception {
    Path file = directory.resolve("annotations");
    swap("..2026_1", "berth.dev/limit=\"10\"");
    Files.createSymbolicLink(file, Path.of("..data/annotations"));
    try (LimitFile _ = follow(file)) {
      assertThat(next()).isEqualTo(limit(10));
      swap("..2026_2", "berth.dev/limit=\"20\"");
      assertThat(next()).isEqualTo(limit(20));
      swap("..2026_3", "berth.dev/limit=\"30\"");
      assertThat(next()).isEqualTo(limit(30));
    }
    assertThat(unusable).hasValue(0);
  }

  @Test
  void aFileThatComesLaterIsFollowed() throws Exception {
    try (LimitFile _ = follow(directory.resolve("annotations"))) {
      assertThat(unusable).hasValue(1);
      written("berth.dev/limit=\"5\"");
      assertThat(next()).isEqualTo(limit(5));
    }
  }

  @Test
  void whenTheFileGoesNothingIsToldSoThatTheLastStays() throws Exception {
    Path file = written("berth.dev/drain=\"true\"\nberth.dev/limit=\"5\"");
    try (LimitFile _ = follow(file)) {
      assertThat(next().draining()).contains(true);
      Files.delete(file);
      awaitUnusable(1);
      replace(file, "berth.dev/limit=\"6\"".getBytes(StandardCharsets.UTF_8));
      assertThat(next()).isEqualTo(limit(6)); // nothing in between
    }
  }

  @Test
  void anEmptyFileAsksForNoDrain() throws Exception {
    Path file = written("berth.dev/drain=\"true\"\nberth.dev/limit=\"5\"");
    try (LimitFile _ = follow(file)) {
      assertThat(next().draining()).contains(true);
      replace(file, new byte[0]);
      PodAnnotations empty = next();
      assertThat(empty.draining()).contains(false);
      assertThat(empty.limit()).isEmpty();
      assertThat(unusable).hasValue(1);
    }
    assertThat(warnings.messages).singleElement().asString().contains("is empty");
  }

  @Test
  void theDrainIsToldEvenIfTheLimitIsNonsense() throws Exception {
    Path file = written("berth.dev/drain=\"true\"\nberth.dev/limit=\"many\"");
    try (LimitFile _ = follow(file)) {
      PodAnnotations first = next();
      assertThat(first.draining()).contains(true);
      assertThat(first.limit()).isEmpty();
      assertThat(unusable).hasValue(1);
      assertThat(warnings.messages)
          .singleElement()
          .asString()
          .contains("berth.dev/limit is \"many\"");
    }
  }

  @Test
  void aChangeOfOthersAnnotationsIsNotTold() throws Exception {
    Path file = written("berth.dev/limit=\"5\"\nnote=\"a\"");
    try (LimitFile _ = follow(file)) {
      assertThat(next()).isEqualTo(limit(5));
      replace(file, "berth.dev/limit=\"5\"\nnote=\"other\"".getBytes(StandardCharsets.UTF_8));
      replace(file, "berth.dev/limit=\"6\"\nnote=\"other\"".getBytes(StandardCharsets.UTF_8));
      assertThat(next()).isEqualTo(limit(6));
    }
  }

  @Test
  void eachUnusableFileCountsOnceAndTheNextGoodOneIsTold() throws Exception {
    Path file = directory.resolve("annotations");
    List<byte[]> bad =
        List.of(
            new byte[0],
            "berth.dev/limit=\"84".getBytes(StandardCharsets.UTF_8),
            new byte[] {(byte) 0xff, (byte) 0xfe, 'x'},
            new byte[FileReading.CAP + 1]);
    try (LimitFile _ = follow(file)) {
      int count = 1;
      for (byte[] content : bad) {
        replace(file, content);
        awaitUnusable(++count);
      }
      replace(file, "berth.dev/limit=\"9\"".getBytes(StandardCharsets.UTF_8));
      await().until(() -> told.contains(limit(9)));
      assertThat(unusable).hasValue(count);
    }
    assertThat(warnings.messages)
        .satisfiesExactly(
            missing -> assertThat(missing).contains("does not exist"),
            empty -> assertThat(empty).contains("is empty"),
            half -> assertThat(half).contains("berth.dev/limit is followed by \"84"),
            binary -> assertThat(binary).contains("is not UTF-8"),
            large -> assertThat(large).contains("is larger than 1048576 bytes"));
  }

  @Test
  void theSameProblemIsLoggedOnceHoweverOftenItComes() throws Exception {
    Path file = written("berth.dev/limit=\"1\"");
    try (LimitFile _ = follow(file)) {
      for (int time = 1; time <= 3; time++) {
        Files.delete(file);
        awaitUnusable(time);
        written("berth.dev/limit=\"" + time + "0\"");
        await().until(() -> !told.isEmpty() && told.removeIf(one -> one.limit().orElse(0) >= 10));
      }
    }
    assertThat(warnings.messages).hasSize(1);
  }

  @Test
  void aDirectoryInItsPlaceIsUnusableAndNoMore() throws Exception {
    try (LimitFile _ = follow(directory)) {
      assertThat(unusable).hasValue(1);
      assertThat(warnings.messages).singleElement().asString().contains("is not a regular file");
    }
  }

  @Test
  void aListenerThatThrowsDoesNotEndTheFollowing() throws Exception {
    Path file = written("berth.dev/limit=\"1\"");
    try (LimitFile _ =
        LimitFile.follow(
            file,
            annotations -> {
              told.add(annotations);
              throw new IllegalStateException("a listener's fault");
            },
            unusable::incrementAndGet)) {
      assertThat(next()).isEqualTo(limit(1));
      written("berth.dev/limit=\"2\"");
      assertThat(next()).isEqualTo(limit(2));
    }
  }

  @Test
  void whatTheHeapWasTooFullForIsToldOnceItIsNot() throws Exception {
    Path file = written("berth.dev/limit=\"1\"");
    var full = new AtomicInteger(3);
    try (LimitFile _ =
        LimitFile.follow(
            file,
            annotations -> {
              if (annotations.equals(limit(2)) && full.getAndDecrement() > 0) {
                throw new OutOfMemoryError("on purpose");
              }
              told.add(annotations);
            },
            unusable::incrementAndGet)) {
      assertThat(next()).isEqualTo(limit(1));
      written("berth.dev/limit=\"2\"");
      assertThat(next()).isEqualTo(limit(2));
    }
  }

  @Test
  void aLogThatFailsDoesNotEndTheFollowing() throws Exception {
    leaveTheLog();
    Path file = written("berth.dev/limit=\"1\"");
    try (LimitFile _ = follow(file)) {
      assertThat(next()).isEqualTo(limit(1));
      try (var log = new FailingLog(LimitFile.class)) {
        written("berth.dev/limit=\"none\"");
        await().until(() -> log.told() > 0);
        assertThat(next().limit()).isEmpty();
      }
      written("berth.dev/limit=\"2\"");
      assertThat(next()).isEqualTo(limit(2));
    }
  }

  @Test
  void afterCloseNothingIsToldAnyMore() throws Exception {
    Path file = written("berth.dev/limit=\"1\"");
    follow(file).close();
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("berth-limit-file");
    assertThat(told).containsExactly(limit(1));
  }

  private LimitFile follow(Path file) {
    return LimitFile.follow(file, told::add, unusable::incrementAndGet);
  }

  private PodAnnotations next() throws InterruptedException {
    PodAnnotations next = told.poll(30, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("nothing was told");
    }
    return next;
  }

  private void awaitUnusable(int times) {
    await().untilAsserted(() -> assertThat(unusable).hasValue(times));
  }

  private Path written(String content) throws IOException {
    // At once: a file that is written in its place is read empty now and then.
    Path file = directory.resolve("annotations");
    replace(file, content.getBytes(StandardCharsets.UTF_8));
    return file;
  }

  private void replace(Path file, byte[] content) throws IOException {
    Path next = Files.write(directory.resolve("next"), content);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * As the kubelet's AtomicWriter does: the new directory first, then the link is renamed over,
   * then the old one goes.
   */
  private void swap(String name, String content) throws IOException {
    Path data = directory.resolve("..data");
    Optional<Path> old = Files.exists(data) ? Optional.of(data.toRealPath()) : Optional.empty();
    Files.writeString(
        Files.createDirectory(directory.resolve(name)).resolve("annotations"), content);
    Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of(name));
    Files.move(link, data, StandardCopyOption.ATOMIC_MOVE);
    if (old.isPresent()) {
      Files.delete(old.get().resolve("annotations"));
      Files.delete(old.get());
    }
  }

  private static PodAnnotations limit(int limit) {
    return new PodAnnotations(
        OptionalInt.of(limit), OptionalLong.of(0), Optional.of(false), false, Optional.empty());
  }

  private static Logger logger() {
    return Logger.getLogger(LimitFile.class.getName());
  }

  private static final class Warnings extends Handler {
    final List<String> messages = new ArrayList<>();

    @Override
    public synchronized void publish(LogRecord entry) {
      if (entry.getLevel().equals(Level.WARNING)) {
        messages.add(new SimpleFormatter().formatMessage(entry));
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
