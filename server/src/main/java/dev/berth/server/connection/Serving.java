package dev.berth.server.connection;

import dev.berth.server.access.AccessLog;
import dev.berth.server.handler.Handler;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.memory.PinnedBytes;
import java.util.random.RandomGenerator;

/** What all connections of a server share. Immutable; its parts are safe for any thread. */
record Serving(
    Handler handler,
    Timeouts timeouts,
    ConnectionLimit limit,
    ConnectionLimit requests,
    ClientLimit clients,
    Introductions introductions,
    Door door,
    PinnedBytes pinned,
    ConnectionEvents events,
    AccessLog accessLog,
    OpenConnections open,
    Exchanges exchanges,
    Pollers pollers,
    Drain drain,
    Shedding shedding,
    CoarseTime time,
    RandomGenerator chance) {

  /**
   * When a connection that is accepted at {@code nowMillis} is too old: the age, give or take a
   * tenth.
   */
  long expiry(long nowMillis) {
    long age = timeouts.maxConnectionAge().toMillis();
    return age == 0 ? Long.MAX_VALUE : nowMillis + (long) (age * (0.9 + 0.2 * chance.nextDouble()));
  }
}
