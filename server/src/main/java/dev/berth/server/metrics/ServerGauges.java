package dev.berth.server.metrics;

import dev.berth.server.Server;
import dev.berth.server.connection.Census;
import dev.berth.server.connection.ConnectionState;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.Rotation;
import dev.berth.server.memory.ContainerMemory;
import dev.berth.server.memory.LiveMemory;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a server and its memory are like when somebody looks: gauges that are read at each scrape.
 * Safe for any thread, though two scrapes at once may see each other's census.
 */
public final class ServerGauges {
  private static final List<ConnectionState> COUNTED =
      List.of(
          ConnectionState.NEW,
          ConnectionState.ACTIVE,
          ConnectionState.IDLE,
          ConnectionState.HIJACKED);

  private final Server server;
  private final ContainerMemory container;
  private final LiveMemory live;
  // Taken once for a scrape, so that the states of one scrape add up.
  private volatile Census census = new Census(0, 0, 0, 0);
  private volatile long generation;

  /** Registers gauges of that server and of the memory of its container and its process. */
  public ServerGauges(
      MeterRegistry registry,
      Server server,
      Rotation rotation,
      ContainerMemory container,
      LiveMemory live) {
    this.server = server;
    this.container = container;
    this.live = live;
    ConnectionLimit connections = server.limit();
    ConnectionLimit requests = server.requests();
    for (ConnectionState state : COUNTED) {
      Gauge.builder("berth.connections", this, gauges -> gauges.census.of(state))
          .description("Open connections that hold a permit")
          .tag("state", state.label())
          .register(registry);
    }
    saturation(registry, "connections", connections);
    saturation(registry, "requests", requests);
    gauge(registry, "berth.connection.limit", "The limit in force", gauges -> connections.limit());
    gauge(
        registry,
        "berth.connections.waiting",
        "Connections that wait in the queue for a permit",
        gauges -> connections.waiting());
    gauge(
        registry,
        "berth.requests.in.flight",
        "Requests being answered",
        gauges -> requests.inUse());
    gauge(
        registry,
        "berth.limit.generation",
        "The policy generation whose limit is in force, 0 if none",
        gauges -> gauges.generation);
    gauge(
        registry,
        "berth.draining",
        "1 while draining",
        gauges -> gauges.server.drain().active() ? 1 : 0);
    gauge(
        registry,
        "berth.out.of.rotation",
        "1 while not ready because it is full and others have room",
        gauges -> rotation.out() ? 1 : 0);
    memory(registry);
  }

  private void memory(MeterRegistry registry) {
    gauge(
        registry,
        "berth.memory.limit.bytes",
        "The memory that the container may use",
        gauges -> gauges.container.limitBytes());
    gauge(
        registry,
        "berth.memory.working.set.bytes",
        "The container's working set",
        gauges -> gauges.container.workingSetBytes());
    gauge(
        registry,
        "berth.memory.live.bytes",
        "What the process needs: what of the heap is alive, and memory outside it",
        gauges -> gauges.live.bytes());
    gauge(
        registry,
        "berth.memory.code.bytes",
        "The part of it that connections don't move: classes and compiled code",
        gauges -> gauges.live.codeBytes());
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<ServerGauges> read) {
    Gauge.builder(name, this, read)
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private static void saturation(MeterRegistry registry, String semaphore, ConnectionLimit limit) {
    Gauge.builder("berth.semaphore.saturation", limit, ConnectionLimit::saturation)
        .description("Permits in use / limit")
        .tag("semaphore", semaphore)
        .strongReference(true)
        .register(registry);
  }

  /** Looks at the connections; to be called before each scrape. */
  public void look() {
    census = server.connections().census();
  }

  /** Notes the policy generation whose limit is in force. */
  public void generation(long number) {
    generation = number;
  }
}
