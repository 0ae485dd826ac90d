package dev.berth.server.limit;

import dev.berth.server.limit.Admission.Admitted;
import dev.berth.server.limit.Admission.Refused;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The bound on how many connections one address may hold at once. An address is remembered only
 * while it holds a connection, so there are never more entries than connections.
 *
 * <p>Safe for any number of threads; callers with different addresses don't wait for one another.
 */
public final class ClientLimit {
  private static final int UNBOUNDED = Integer.MAX_VALUE;

  private final int perClient;
  private final ConcurrentMap<InetAddress, Integer> held = new ConcurrentHashMap<>();

  private ClientLimit(int perClient) {
    this.perClient = perClient;
  }

  /**
   * At most {@code perClient} connections of one address.
   *
   * @throws IllegalArgumentException if it is less than 1
   */
  public static ClientLimit of(int perClient) {
    if (perClient < 1) {
      throw new IllegalArgumentException(
          "the limit per client is " + perClient + ": it must be 1 or more");
    }
    return new ClientLimit(perClient);
  }

  /** No bound: admits everyone and remembers nobody. */
  public static ClientLimit none() {
    return new ClientLimit(UNBOUNDED);
  }

  /**
   * Counts one more connection of the address if it may have one. Whoever is admitted releases
   * exactly once.
   */
  public Admission tryAcquire(InetAddress address) {
    if (perClient == UNBOUNDED) {
      return Admitted.PERMIT;
    }
    while (true) {
      int now = held.getOrDefault(address, 0);
      if (now >= perClient) {
        return Refused.CLIENT_LIMIT;
      }
      if (now == 0 ? held.putIfAbsent(address, 1) == null : held.replace(address, now, now + 1)) {
        return Admitted.PERMIT;
      }
    }
  }

  /**
   * Counts one connection of the address less.
   *
   * @throws IllegalStateException if the address holds none
   */
  public void release(InetAddress address) {
    if (perClient == UNBOUNDED) {
      return;
    }
    while (true) {
      int now = held.getOrDefault(address, 0);
      if (now == 0) {
        throw new IllegalStateException(
            "a permit of " + address.getHostAddress() + " was released that was never taken");
      }
      if (now == 1 ? held.remove(address, 1) : held.replace(address, now, now - 1)) {
        return;
      }
    }
  }

  /** How many addresses hold a connection; always 0 without a bound. */
  public int clients() {
    return held.size();
  }
}
