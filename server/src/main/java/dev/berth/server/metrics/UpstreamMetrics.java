package dev.berth.server.metrics;

import dev.berth.server.proxy.ReverseProxy;
import dev.berth.server.proxy.UpstreamEvents;
import dev.berth.server.proxy.UpstreamOutcome;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * Counts what happens between the reverse proxy and its upstream. There only where there is a
 * proxy; then every series from the start, at 0. Safe for any thread.
 */
public final class UpstreamMetrics implements UpstreamEvents {
  private final MeterRegistry registry;
  private final Map<UpstreamOutcome, Counter> requests = new EnumMap<>(UpstreamOutcome.class);
  private final Counter opened;
  private final Counter retries;
  private final Timer duration;

  /** Registers its counters there, all at 0. */
  public UpstreamMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (UpstreamOutcome outcome : UpstreamOutcome.values()) {
      requests.put(
          outcome,
          Counter.builder("berth.upstream.requests")
              .description("Requests that were to be passed on to the upstream")
              .tag("outcome", outcome.label())
              .register(registry));
    }
    opened =
        Counter.builder("berth.upstream.connections.opened")
            .description("Connections that were opened to the upstream")
            .register(registry);
    retries =
        Counter.builder("berth.upstream.retries")
            .description("Requests sent again, since a kept connection had ended")
            .register(registry);
    duration =
        Timer.builder("berth.upstream.response.duration")
            .description("From the end of a request's head to the upstream's head of its response")
            .serviceLevelObjectives(ServerMetrics.REQUEST_BUCKETS)
            .register(registry);
  }

  /** Publishes what that proxy's connections are at, read at each scrape. */
  public void watch(ReverseProxy proxy) {
    connections(proxy, "active", ReverseProxy::active);
    connections(proxy, "idle", ReverseProxy::idle);
    connections(proxy, "streaming", ReverseProxy::streaming);
    Gauge.builder("berth.upstream.waiting", proxy, ReverseProxy::waiting)
        .description("Requests that wait for a connection to the upstream")
        .strongReference(true)
        .register(registry);
  }

  private void connections(ReverseProxy proxy, String state, ToDoubleFunction<ReverseProxy> count) {
    Gauge.builder("berth.upstream.connections", proxy, count)
        .description("Open connections to the upstream")
        .tag("state", state)
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void opened() {
    opened.increment();
  }

  @Override
  public void retried() {
    retries.increment();
  }

  @Override
  public void responded(long nanos) {
    duration.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void done(UpstreamOutcome outcome) {
    ServerMetrics.counter(requests, outcome).increment();
  }
}
