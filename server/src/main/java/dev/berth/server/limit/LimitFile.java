package dev.berth.server.limit;

import dev.berth.server.limit.FileReading.Stamp;
import dev.berth.server.limit.FileReading.Text;
import dev.berth.server.limit.FileReading.Unreadable;
import dev.berth.server.log.Mishap;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The file that the pod's annotations are projected into, followed until closed: a change is told
 * within 0.1 s.
 *
 * <p>The file may be missing, too large, or no text at any time; then nothing is told but that it
 * is unusable, and whatever was told last stays. Of a half-written one, or one that holds nonsense,
 * the lines that are whole are told; of an empty one, that it asks for nothing. It is looked at
 * rather than watched: a look is one {@code stat}, works on every file system and through the
 * kubelet's swapped links, and can't miss an event.
 *
 * <p>The first look is made by the thread that calls {@link #follow}, all others by one platform
 * thread of its own, not a virtual one: the limit has to move just when the connections keep every
 * carrier busy.
 */
public final class LimitFile implements AutoCloseable {
  private static final Logger LOG = System.getLogger(LimitFile.class.getName());
  private static final Mishap FAILED_LOOK =
      new Mishap(LimitFile.class, "a look at the limit file failed; the next follows");
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);
  // A file system's clock ticks in up to 1 s: a second write in the same tick leaves the same
  // stamp. So a changed file is read
  // again until the tick is surely over.
  private static final int READS_AFTER_A_CHANGE = 25;
  private static final int REMEMBERED_PROBLEMS = 100;

  private final Path file;
  private final Consumer<PodAnnotations> onChange;
  private final Runnable onUnusable;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread follower;

  // Written by the thread that looks: the caller of follow first, the follower from its start on.
  private Optional<Stamp> stamp = Optional.empty();
  private int readsLeft = 1;
  private Optional<FileReading> last = Optional.empty();
  private Optional<PodAnnotations> told = Optional.empty();
  private final Set<String> warned = new HashSet<>();

  private LimitFile(Path file, Consumer<PodAnnotations> onChange, Runnable onUnusable) {
    this.file = file;
    this.onChange = onChange;
    this.onUnusable = onUnusable;
    this.follower =
        Thread.ofPlatform().name("berth-limit-file").daemon().unstarted(this::lookUntilClosed);
  }

  /**
   * Reads the file once and follows it from then on.
   *
   * @param onChange told what the file says whenever that has changed; also when it names no valid
   *     limit, since it may still ask to drain: then {@code limit} is empty, and the limit in force
   *     stays. Called by one thread at a time
   * @param onUnusable run for each changed reading that gave no usable limit
   */
  public static LimitFile follow(
      Path file, Consumer<PodAnnotations> onChange, Runnable onUnusable) {
    LimitFile followed = new LimitFile(file, onChange, onUnusable);
    followed.look();
    followed.follower.start();
    return followed;
  }

  /**
   * Stops following. When it returns, no callback runs and none will, unless a callback itself is
   * the caller.
   */
  @Override
  public void close() {
    closed.countDown();
    if (Thread.currentThread() == follower) {
      return;
    }
    try {
      follower.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void lookUntilClosed() {
    try {
      while (!closed.await(BETWEEN_LOOKS.toNanos(), TimeUnit.NANOSECONDS)) {
        lookAndGoOn();
      }
    } catch (InterruptedException e) {
      LOG.log(Level.DEBUG, "{0} is no longer followed: its thread was interrupted", file);
    }
  }

  private void lookAndGoOn() {
    try {
      look();
    } catch (RuntimeException | Error failure) {
      // Such as a full heap, which may have kept what was read from being told.
      last = Optional.empty();
      readsLeft = READS_AFTER_A_CHANGE;
      FAILED_LOOK.log(failure);
    }
  }

  private void look() {
    Optional<Stamp> now = Stamp.of(file);
    if (!now.equals(stamp)) {
      stamp = now;
      readsLeft = READS_AFTER_A_CHANGE;
    }
    if (readsLeft == 0 && last.orElseThrow() instanceof Text) {
      return; // what was unreadable is read at each look: a permission given leaves the stamp as it
      // was
    }
    readsLeft = Math.max(0, readsLeft - 1);
    FileReading reading = FileReading.of(file);
    if (last.isPresent() && last.get().equals(reading)) {
      return;
    }
    last = Optional.of(reading);
    try {
      take(reading);
    } catch (RuntimeException e) {
      LOG.log(
          Level.ERROR, "What " + file + " says could not be followed; its next change will be", e);
    }
  }

  private void take(FileReading reading) {
    switch (reading) {
      case Unreadable(String why) -> unusable(Level.WARNING, why);
      case Text(String text) when text.isEmpty() -> {
        unusable(Level.WARNING, "is empty");
        tell(PodAnnotations.parse(text));
      }
      case Text(String text) -> take(PodAnnotations.parse(text));
    }
  }

  private void take(PodAnnotations annotations) {
    if (annotations.limit().isEmpty()) {
      // A pod that no policy governs yet is no fault
      Level level = annotations.problem().isPresent() ? Level.WARNING : Level.INFO;
      unusable(
          level,
          "gives no limit: "
              + annotations.problem().orElse("no annotation " + PodAnnotations.LIMIT));
    } else {
      annotations
          .problem()
          .ifPresent(problem -> logOnce(Level.WARNING, "is followed, but " + problem));
    }
    tell(annotations);
  }

  private void tell(PodAnnotations annotations) {
    if (told.isEmpty() || !told.get().equals(annotations)) {
      onChange.accept(annotations);
      told = Optional.of(annotations);
    }
  }

  private void unusable(Level level, String why) {
    logOnce(level, why + "; the last limit stays");
    onUnusable.run();
  }

  private void logOnce(Level level, String what) {
    if (warned.size() >= REMEMBERED_PROBLEMS) {
      warned.clear();
    }
    if (warned.add(what)) {
      LOG.log(level, "The limit file {0} {1}", file, what);
    }
  }
}
