package dev.berth.server.connection;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * All connections that hold a permit, oldest first: a list whose links are in the connections
 * themselves, so that being in it costs eight bytes. Safe for any number of threads; one lock
 * guards the links, and no other is taken while it is held.
 */
public final class OpenConnections {
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong ids = new AtomicLong();
  private final CoarseTime time;

  // Guarded by the lock, as are the connections' links.
  private @Nullable Connection oldest;
  private @Nullable Connection newest;
  private @Nullable Connection nextToShow;
  private int count;

  OpenConnections(CoarseTime time) {
    this.time = time;
  }

  long nextId() {
    return ids.incrementAndGet();
  }

  void add(Connection connection) {
    lock.lock();
    try {
      Connection last = newest;
      connection.previous = last;
      if (last == null) {
        oldest = connection;
      } else {
        last.next = connection;
      }
      newest = connection;
      count++;
    } finally {
      lock.unlock();
    }
  }

  void remove(Connection connection) {
    lock.lock();
    try {
      Connection before = connection.previous;
      Connection after = connection.next;
      if (nextToShow == connection) {
        nextToShow = after;
      }
      if (before == null) {
        oldest = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        newest = before;
      } else {
        after.previous = before;
      }
      connection.previous = null;
      connection.next = null;
      count--;
    } finally {
      lock.unlock();
    }
  }

  /** Shows each to {@code visitor}, which must neither block nor come back here. */
  void forEach(Consumer<Connection> visitor) {
    lock.lock();
    try {
      for (Connection connection = oldest; connection != null; connection = connection.next) {
        visitor.accept(connection);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Shows the next of them likewise, at most {@code most}: each time from where it ended the last
   * time, and after the newest from the oldest on.
   */
  void forNext(int most, Consumer<Connection> visitor) {
    lock.lock();
    try {
      Connection connection = nextToShow == null ? oldest : nextToShow;
      for (int shown = 0; shown < most && connection != null; shown++) {
        visitor.accept(connection);
        connection = connection.next;
      }
      nextToShow = connection;
    } finally {
      lock.unlock();
    }
  }

  /** How many there are. */
  public int count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /** Counts them by state: a walk over all, for whoever looks now and then. */
  public Census census() {
    Census.Tally tally = new Census.Tally();
    forEach(connection -> tally.count(connection.state()));
    return tally.census();
  }

  /** The oldest of them, at most {@code most}. */
  public List<ConnectionInfo> list(int most) {
    long now = time.millis();
    List<ConnectionInfo> list = new ArrayList<>();
    lock.lock();
    try {
      Connection connection = oldest;
      while (connection != null && list.size() < most) {
        list.add(connection.info(now));
        connection = connection.next;
      }
    } finally {
      lock.unlock();
    }
    return list;
  }
}
