package dev.berth.server.connection;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A server's {@link Poller}s, among which its connections are dealt out in turn. Immutable.
 *
 * <p>Few: one costs a carrier about a tenth of what the requests do whose connections it wakes, and
 * what one finds ready at once is woken at once. Two for two carriers took twelve per cent of their
 * throughput.
 */
final class Pollers {
  private static final int CARRIERS_EACH = 4;

  /**
   * With several carriers a poller parks more often: what comes meanwhile is found together, and
   * carriers that have little to do wake each other less. On two that was a fifth more throughput;
   * one alone would only stand still.
   */
  private static final long TURN_NANOS_OF_SEVERAL = TimeUnit.MILLISECONDS.toNanos(1);

  private final List<Poller> pollers;

  private Pollers(List<Poller> pollers) {
    this.pollers = pollers;
  }

  /** Opens them. */
  static Pollers open(LongSupplier nanoTime, ConnectionEvents events) throws IOException {
    int carriers =
        Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    long turnNanos = carriers > 1 ? TURN_NANOS_OF_SEVERAL : Poller.TURN_NANOS;
    List<Poller> opened = new ArrayList<>();
    try {
      while (opened.size() * CARRIERS_EACH < carriers) {
        opened.add(new Poller(nanoTime, turnNanos, events));
      }
    } catch (IOException | RuntimeException | Error failure) {
      new Pollers(opened).close();
      throw failure;
    }
    return new Pollers(List.copyOf(opened));
  }

  void start() {
    pollers.forEach(Poller::start);
  }

  /** The channel, which does not block, with a poller to wait for. */
  PolledChannel poll(SocketChannel channel, long id) {
    return new PolledChannel(channel, pollers.get((int) (id % pollers.size())));
  }

  /** Ends them; whoever waits then, waits for nothing. */
  void stop() {
    pollers.forEach(Poller::stop);
  }

  /** Gives up those that were never started. */
  void close() {
    pollers.forEach(Poller::close);
  }
}
