package dev.berth.operator.simulate;

import dev.berth.operator.decide.Policy;
import dev.berth.operator.local.PolicyFile;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** What simulations in tests begin with. */
final class Settings {
  static final Setting PODS = new Setting(128L << 20, 38L << 20, 0.02, 0.25, 30, 10, 20, 1, 1);

  private Settings() {}

  /** The policy of the examples. */
  static Policy policy() {
    return switch (PolicyFile.read(Path.of("../examples/simulate.yaml"))) {
      case PolicyFile.Good(String name, Policy read) -> read;
      case PolicyFile.Bad(String sentence) -> throw new AssertionError(sentence);
    };
  }

  /** The trace of the examples with that name. */
  static Trace example(String name) {
    return read(Path.of("../examples/traces", name + ".csv"));
  }

  /** The surge that was measured on a cluster. */
  static Trace measured() {
    return read(Path.of("src/test/resources/measured-surge.csv"));
  }

  private static Trace read(Path file) {
    return switch (TraceFile.read(file)) {
      case TraceFile.Good(Trace read) -> read;
      case TraceFile.Bad(String sentence) -> throw new AssertionError(sentence);
    };
  }

  static Trace.Row row(double second, double connections) {
    return new Trace.Row(second, new Trace.Load(connections, 64 << 10, 0, 1), Trace.Mishap.NONE);
  }

  static Trace steady(double connections, double seconds) {
    return new Trace(List.of(row(0, connections), row(seconds, connections)));
  }

  /** Berth's run, of which each removal is noted. */
  static Run run(Policy policy, Trace trace, Setting setting, Removals removals) {
    return Simulation.run(
        policy,
        trace,
        setting,
        Rivals.of(policy, trace, setting, OptionalInt.empty()),
        Contender.BERTH,
        removals);
  }

  static Run run(Trace trace, Setting setting, Contender contender) {
    Policy policy = policy();
    return Simulation.run(
        policy, trace, setting, Rivals.of(policy, trace, setting, OptionalInt.empty()), contender);
  }
}
