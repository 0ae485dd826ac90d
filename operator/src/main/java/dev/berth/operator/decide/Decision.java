package dev.berth.operator.decide;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to change now, and why.
 *
 * @param actions what to carry out; empty when nothing is to be changed, or nothing may be
 * @param report what to say about it
 * @param history what the next round needs to know
 */
public record Decision(Actions actions, Report report, History history) {

  /**
   * What to carry out. Pods are added at once; pods are drained after what stays was told, and
   * removed last.
   *
   * @param limits the pods whose limit changes, with the new one
   * @param leave the pods that may leave rotation while they are full, and might not before
   * @param stay the pods that might, and may no more
   * @param undrain the pods that are to serve again
   * @param drain the pods that are to be emptied
   * @param scale the change of replicas
   */
  public record Actions(
      Map<String, Integer> limits,
      Set<String> leave,
      Set<String> stay,
      Set<String> undrain,
      Set<String> drain,
      Scale scale) {
    /** Nothing, but that these pods serve again. */
    static Actions undrain(Set<String> pods) {
      return new Actions(Map.of(), Set.of(), Set.of(), pods, Set.of(), new Scale.Keep());
    }

    public Actions {
      limits = Map.copyOf(limits);
      leave = Set.copyOf(leave);
      stay = Set.copyOf(stay);
      undrain = Set.copyOf(undrain);
      drain = Set.copyOf(drain);
    }

    /**
     * The pods that are told a limit or of rotation; one that is told both is told them together,
     * so that it doesn't refuse clients under a lower limit before it may leave.
     */
    public Set<String> told() {
      return Stream.of(limits.keySet(), leave, stay)
          .flatMap(Set::stream)
          .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether there is nothing to carry out. */
    public boolean isEmpty() {
      return limits.isEmpty()
          && leave.isEmpty()
          && stay.isEmpty()
          && undrain.isEmpty()
          && drain.isEmpty()
          && scale instanceof Scale.Keep;
    }
  }

  /** The change of replicas. */
  public sealed interface Scale permits Scale.Keep, Scale.Up, Scale.Remove {
    /** No change. */
    record Keep() implements Scale {}

    /** More pods: {@code replicas} in all. */
    record Up(int replicas) implements Scale {}

    /** Exactly these drained pods go, and {@code replicas} stay. */
    record Remove(int replicas, Set<String> pods) implements Scale {
      public Remove {
        pods = Set.copyOf(pods);
      }
    }
  }

  /**
   * The decision in words and figures.
   *
   * @param currentReplicas the pods the workload is told to have
   * @param desiredReplicas the pods it should have
   * @param connectionLimit the limit of a pod; absent while none can be told
   * @param figures what it was decided from
   * @param reason one sentence with its figures
   * @param conditions the state, by type
   * @param events what changed in this round
   * @param pods each pod, those that matter most first
   */
  public record Report(
      int currentReplicas,
      int desiredReplicas,
      OptionalInt connectionLimit,
      Figures figures,
      String reason,
      List<Condition> conditions,
      List<Event> events,
      List<PodReport> pods) {
    public Report {
      conditions = List.copyOf(conditions);
      events = List.copyOf(events);
      pods = List.copyOf(pods);
    }

    /** All but the pods. */
    public Report withoutPods() {
      return new Report(
          currentReplicas,
          desiredReplicas,
          connectionLimit,
          figures,
          reason,
          conditions,
          events,
          List.of());
    }
  }

  /**
   * What a decision was made from.
   *
   * @param activeConnections open connections of all pods
   * @param rejectedPerSecond connections refused for want of a permit
   * @param saturation connections over the limits of the serving pods; 1 is full
   * @param bytesPerConnection the learned cost, its upper side
   * @param baseBytes a pod's memory without connections
   * @param trust 0 (a guess) to 1 (learned)
   */
  public record Figures(
      int activeConnections,
      double rejectedPerSecond,
      double saturation,
      long bytesPerConnection,
      long baseBytes,
      double trust) {}

  /**
   * One side of the state, as a Kubernetes condition.
   *
   * @param state whether it holds
   * @param reason one word in CamelCase
   * @param message a sentence for people; may be empty
   */
  public record Condition(Type type, State state, String reason, String message) {
    /** The sides of the state. */
    public enum Type {
      READY,
      METRICS_AVAILABLE,
      ABLE_TO_SCALE,
      SCALING_LIMITED,
      PRESSURE,
      CONFLICT
    }

    /** Whether a condition holds. */
    public enum State {
      TRUE,
      FALSE,
      UNKNOWN
    }
  }

  /** Something that changed, told once. */
  public record Event(Kind kind, String message) {
    /** What changed; {@code warning} where somebody should look. */
    public enum Kind {
      LIMIT_CHANGED(false),
      SCALED(false),
      DRAINING(false),
      DRAIN_UNDONE(false),
      REBALANCING(false),
      PRESSURE(true),
      PRESSURE_EASED(false),
      METRICS_MISSING(true),
      METRICS_BACK(false),
      CONFLICT(true),
      CONFLICT_RESOLVED(false);

      private final boolean warning;

      Kind(boolean warning) {
        this.warning = warning;
      }

      public boolean warning() {
        return warning;
      }
    }
  }

  /**
   * One pod's line.
   *
   * @param limit the limit decided; 0 while there is none
   * @param appliedLimit the limit in force in the pod; 0 where that is not known
   * @param memoryLimit bytes, 0 without one
   */
  public record PodReport(
      String name,
      Phase phase,
      int active,
      int limit,
      int appliedLimit,
      long memory,
      long memoryLimit) {
    /** Where a pod is in its life. */
    public enum Phase {
      SERVING,
      STARTING,
      DRAINING,
      MISSING
    }
  }
}
