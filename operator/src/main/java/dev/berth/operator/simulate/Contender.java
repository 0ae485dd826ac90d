package dev.berth.operator.simulate;

import dev.berth.operator.decide.Policy;
import dev.berth.operator.simulate.Setting.Server;
import java.util.OptionalInt;

/** Who governs in a simulation, with which kind of server. */
public enum Contender {
  /** Berth's control loop and its server. */
  BERTH("Berth"),
  /** HorizontalPodAutoscaler on memory, and a server that takes every connection. */
  MEMORY("HPA, memory 70 %"),
  /** KEDA on average connections, and a server that takes every connection. */
  CONNECTIONS("KEDA, connections"),
  /** KEDA on average connections, and Berth's server with a limit set by hand. */
  CONNECTIONS_LIMITED("KEDA + fixed limit");

  private final String title;

  Contender(String title) {
    this.title = title;
  }

  /** What it is called in tables. */
  public String title() {
    return title;
  }

  Server server(Rivals rivals, Setting setting) {
    return switch (this) {
      case BERTH -> new Server.Bounded(setting.derivedLimit());
      case MEMORY, CONNECTIONS -> new Server.Unbounded();
      case CONNECTIONS_LIMITED -> new Server.Bounded(rivals.fixedLimit());
    };
  }

  Governor governor(Policy policy, Rivals rivals, Chance chance) {
    int least = policy.minReplicas();
    int most = policy.maxReplicas();
    return switch (this) {
      case BERTH -> new Berth(policy);
      case MEMORY -> new MemoryAutoscaler(rivals.memoryPercent(), least, most, chance);
      case CONNECTIONS ->
          new ConnectionsAutoscaler(
              rivals.averageConnections(), OptionalInt.empty(), least, most, chance);
      case CONNECTIONS_LIMITED ->
          new ConnectionsAutoscaler(
              rivals.averageConnections(),
              OptionalInt.of(rivals.fixedLimit()),
              least,
              most,
              chance);
    };
  }
}
