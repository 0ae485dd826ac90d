package dev.berth.server.metrics;

import dev.berth.server.access.AccessWriter;
import dev.berth.server.connection.CloseReason;
import dev.berth.server.connection.ConnectionEvents;
import dev.berth.server.limit.Admission.Refused;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Counts what happens to connections and requests. Every series is there from the start, at 0, so
 * that a rate can be taken of its first event; and every one is found without a look-up by label.
 * Safe for any thread.
 */
public final class ServerMetrics implements ConnectionEvents {
  /** Of the time that an answer takes, ours or an upstream's. */
  static final Duration[] REQUEST_BUCKETS =
      millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 60_000);

  private static final Duration[] CONNECTION_BUCKETS =
      millis(
          100, 1_000, 5_000, 15_000, 60_000, 300_000, 900_000, 3_600_000, 14_400_000, 86_400_000);
  private static final double[] REQUESTS_BUCKETS = {1, 2, 5, 10, 25, 100, 1_000, 10_000, 100_000};
  private static final int MINOR_VERSIONS = 2;
  private static final int STATUS_CLASSES = 5;

  private final Counter accepted;
  private final Counter limitFileErrors;
  private final Counter outOfMemory;
  private final Map<Refused, Counter> rejected = new EnumMap<>(Refused.class);
  private final Map<CloseReason, Counter> closed = new EnumMap<>(CloseReason.class);
  // By minor version, then by the status's first digit less one.
  private final Counter[][] requests = new Counter[MINOR_VERSIONS][STATUS_CLASSES];
  private final Timer requestDuration;
  private final Timer connectionDuration;
  private final DistributionSummary connectionRequests;

  /** Registers its meters there, all at 0. */
  public ServerMetrics(MeterRegistry registry) {
    accepted =
        Counter.builder("berth.connections.accepted")
            .description("Connections that got a permit")
            .register(registry);
    limitFileErrors =
        Counter.builder("berth.limit.file.errors")
            .description("Reads of the limit file that gave no usable limit")
            .register(registry);
    outOfMemory =
        Counter.builder("berth.out.of.memory")
            .description("Requests and connections that ended because the heap was full")
            .register(registry);
    for (Refused reason : Refused.values()) {
      rejected.put(
          reason,
          Counter.builder("berth.connections.rejected")
              .description("Connections that got no permit")
              .tag("reason", reason.label())
              .register(registry));
    }
    for (CloseReason reason : CloseReason.values()) {
      closed.put(
          reason,
          Counter.builder("berth.connections.closed")
              .description("Connections that had a permit and ended")
              .tag("reason", reason.label())
              .register(registry));
    }
    for (int minor = 0; minor < MINOR_VERSIONS; minor++) {
      for (int first = 1; first <= STATUS_CLASSES; first++) {
        requests[minor][first - 1] =
            Counter.builder("berth.requests")
                .description("Responses sent")
                .tag("protocol", "HTTP/1." + minor)
                .tag("status", first + "xx")
                .register(registry);
      }
    }
    requestDuration =
        Timer.builder("berth.request.duration")
            .description("From the end of a request's head to the end of its response")
            .serviceLevelObjectives(REQUEST_BUCKETS)
            .register(registry);
    connectionDuration =
        Timer.builder("berth.connection.duration")
            .description("From accept to close")
            .serviceLevelObjectives(CONNECTION_BUCKETS)
            .register(registry);
    connectionRequests =
        DistributionSummary.builder("berth.connection.requests")
            .description("Requests served by a connection, observed when it closes")
            .serviceLevelObjectives(REQUESTS_BUCKETS)
            .register(registry);
  }

  /** Publishes how many lines the access log lacks, as long as somebody else holds on to it. */
  public static void accessLog(MeterRegistry registry, AccessWriter log) {
    FunctionCounter.builder("berth.access.log.dropped", log, AccessWriter::dropped)
        .description("Answers that the access log lacks, since what reads it is too slow")
        .register(registry);
  }

  private static Duration[] millis(long... bounds) {
    return Arrays.stream(bounds).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }

  /** A read of the limit file gave no usable limit. */
  public void limitFileUnusable() {
    limitFileErrors.increment();
  }

  /** Requests answered so far. */
  public long requestsServed() {
    return Arrays.stream(requests)
        .flatMap(Arrays::stream)
        .mapToLong(counter -> (long) counter.count())
        .sum();
  }

  @Override
  public void accepted() {
    accepted.increment();
  }

  @Override
  public void rejected(Refused reason) {
    counter(rejected, reason).increment();
  }

  @Override
  public void responded(int minorVersion, int status, long nanos) {
    requests[minorVersion][status / 100 - 1].increment();
    requestDuration.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** How often there was no memory for a request or a connection. */
  public long timesOutOfMemory() {
    return (long) outOfMemory.count();
  }

  @Override
  public void outOfMemory() {
    outOfMemory.increment();
  }

  @Override
  public void closed(CloseReason reason, int requestsServed, long nanos) {
    counter(closed, reason).increment();
    connectionRequests.record(requestsServed);
    connectionDuration.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The counter of that reason, which has been there from the start. */
  static <K extends Enum<K>> Counter counter(Map<K, Counter> counters, K reason) {
    Counter counter = counters.get(reason);
    if (counter == null) {
      throw new AssertionError("no counter for " + reason);
    }
    return counter;
  }
}
