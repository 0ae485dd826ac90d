package dev.berth.e2e.cluster;

import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Gives on what a watch sees, and remembers whether it saw all of it. */
public final class Told<T> implements Watcher<T> {
  private final Consumer<T> to;
  // Written by the watch's thread
  private volatile @Nullable Exception missed;

  public Told(Consumer<T> to) {
    this.to = to;
  }

  @Override
  public void eventReceived(Action action, T resource) {
    try {
      to.accept(resource);
    } catch (RuntimeException failure) {
      missed = failure;
    }
  }

  @Override
  public void onClose(WatcherException cause) {
    missed = cause;
  }

  /**
   * To be called once the watch is closed.
   *
   * @throws IllegalStateException if the watch had ended before, or something it saw was lost
   */
  public void requireAll() {
    if (missed != null) {
      throw new IllegalStateException("a watch has missed something", missed);
    }
  }
}
