package dev.berth.operator.decide;

import dev.berth.operator.decide.Policy.Connections;
import dev.berth.operator.decide.Policy.Fallback;
import dev.berth.operator.decide.Policy.Memory;
import dev.berth.operator.decide.Policy.UpdateMode;
import java.time.Duration;
import java.util.Optional;

/** Policies for tests, as the defaults are but for what a test is about. */
final class Policies {
  static final Policy DEFAULT =
      new Policy(
          1,
          1,
          10,
          UpdateMode.AUTO,
          new Connections(10, 50_000, 70, 90, 2.0),
          new Memory(75, 90),
          Behavior.DEFAULT,
          Duration.ofSeconds(300),
          new Fallback(3, Optional.empty()));

  private Policies() {}

  static Policy replicas(int min, int max) {
    return with(DEFAULT, DEFAULT.mode(), min, max, DEFAULT.behavior());
  }

  static Policy mode(UpdateMode mode) {
    return with(DEFAULT, mode, 1, 10, DEFAULT.behavior());
  }

  static Policy mode(Policy policy, UpdateMode mode) {
    return with(policy, mode, policy.minReplicas(), policy.maxReplicas(), policy.behavior());
  }

  /** Downward after {@code window} instead of 300 s. */
  static Policy downAfter(Duration window) {
    var down = Behavior.DEFAULT_DOWN;
    return with(
        DEFAULT,
        UpdateMode.AUTO,
        1,
        10,
        new Behavior(
            Behavior.DEFAULT_UP,
            new Behavior.Rules(window, down.select(), down.rates(), down.tolerance())));
  }

  static Policy with(Policy policy, UpdateMode mode, int min, int max, Behavior behavior) {
    return new Policy(
        policy.generation(),
        min,
        max,
        mode,
        policy.connections(),
        policy.memory(),
        behavior,
        policy.drainTimeout(),
        policy.fallback());
  }

  static Policy generation(Policy policy, long generation) {
    return new Policy(
        generation,
        policy.minReplicas(),
        policy.maxReplicas(),
        policy.mode(),
        policy.connections(),
        policy.memory(),
        policy.behavior(),
        policy.drainTimeout(),
        policy.fallback());
  }

  static Policy skew(double maxSkew) {
    return connections(new Connections(10, 50_000, 70, 90, maxSkew));
  }

  static Policy maxLimit(int limit) {
    return connections(new Connections(1, limit, 70, 90, 2.0));
  }

  /** So many pods, which stay in rotation when they are full. */
  static Policy staying(int pods) {
    return with(
        replicas(pods, pods),
        new Connections(10, 50_000, 70, 90, 2.0, Connections.WhenFull.STAY_IN_ROTATION));
  }

  private static Policy connections(Connections connections) {
    return with(DEFAULT, connections);
  }

  static Policy with(Policy policy, Connections connections) {
    return new Policy(
        policy.generation(),
        policy.minReplicas(),
        policy.maxReplicas(),
        policy.mode(),
        connections,
        policy.memory(),
        policy.behavior(),
        policy.drainTimeout(),
        policy.fallback());
  }

  static Policy fallback(int threshold, int replicas) {
    return new Policy(
        1,
        1,
        10,
        UpdateMode.AUTO,
        DEFAULT.connections(),
        DEFAULT.memory(),
        DEFAULT.behavior(),
        DEFAULT.drainTimeout(),
        new Fallback(threshold, Optional.of(replicas)));
  }
}
