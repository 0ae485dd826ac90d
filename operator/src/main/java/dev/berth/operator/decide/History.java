package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the rounds before left behind. Lost with the process, and made up for: the drain wave and
 * the pods' own cuts stand on the pods themselves, the cost in the policy's status ({@link
 * #resumed}).
 *
 * @param cost the estimate of each template seen, the one last learned from included
 * @param pods what is remembered of each pod
 * @param limit the limit last decided, of a pod with the most memory and without a cut; while
 *     nothing may be changed, what is recommended
 * @param told the limit that pods were last told; absent before any was, and after a restart
 * @param limitRaised when the limit was last raised
 * @param wanted the replicas wanted lately, for the stabilization windows
 * @param scaled the changes of replicas lately, for the rates
 * @param panicUntil until when windows are skipped upward and nothing is removed
 * @param trend how demand grows
 * @param refused clients refused lately that have not come in
 * @param held clients that pods held, in their queues too
 * @param missed rounds in a row without any pod observed
 * @param episodes the states that have begun and not ended, by their condition
 * @param at when the last round was
 */
public record History(
    CostBook cost,
    Map<String, PodHistory> pods,
    OptionalInt limit,
    OptionalInt told,
    Optional<Instant> limitRaised,
    List<Wanted> wanted,
    List<Scaled> scaled,
    Optional<Instant> panicUntil,
    Trend trend,
    double refused,
    int held,
    int missed,
    Map<Condition.Type, Episode> episodes,
    Optional<Instant> at) {

  /** No round has been. */
  public static final History NONE = of(CostBook.UNKNOWN, OptionalInt.empty(), Map.of());

  public History {
    pods = Map.copyOf(pods);
    wanted = List.copyOf(wanted);
    scaled = List.copyOf(scaled);
    episodes = Map.copyOf(episodes);
  }

  /**
   * What a new process knows of a policy that was governed before, from its status: the cost, the
   * limit, and the states that were told of, and not that they ended.
   */
  public static History resumed(
      long bytesPerConnection, OptionalInt limit, Map<Condition.Type, Episode> episodes) {
    return of(
        bytesPerConnection > 0 ? CostBook.remembered(bytesPerConnection) : CostBook.UNKNOWN,
        limit,
        episodes);
  }

  /** What is known when another workload comes in place of the one before: a connection's cost. */
  public History ofAnother() {
    return of(cost, OptionalInt.empty(), episodes);
  }

  /** This history with other pods. */
  History with(Map<String, PodHistory> others) {
    return new History(
        cost,
        others,
        limit,
        told,
        limitRaised,
        wanted,
        scaled,
        panicUntil,
        trend,
        refused,
        held,
        missed,
        episodes,
        at);
  }

  /** This history with other windows. */
  History with(List<Wanted> otherWanted, List<Scaled> otherScaled) {
    return new History(
        cost,
        pods,
        limit,
        told,
        limitRaised,
        otherWanted,
        otherScaled,
        panicUntil,
        trend,
        refused,
        held,
        missed,
        episodes,
        at);
  }

  /** The time since the last round; none if there was none. */
  Duration since(Instant now) {
    return at.map(last -> Duration.between(last, now)).orElse(Duration.ZERO);
  }

  Optional<PodHistory> pod(String name) {
    return Optional.ofNullable(pods.get(name));
  }

  Optional<Episode> episode(Condition.Type type) {
    return Optional.ofNullable(episodes.get(type));
  }

  private static History of(
      CostBook cost, OptionalInt limit, Map<Condition.Type, Episode> episodes) {
    return new History(
        cost,
        Map.of(),
        limit,
        OptionalInt.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        Trend.NONE,
        0,
        0,
        0,
        episodes,
        Optional.empty());
  }

  /** Replicas wanted at a time, before windows. */
  public record Wanted(Instant at, int replicas) {}

  /** Replicas changed at a time; below 0 when they fell. */
  public record Scaled(Instant at, int change) {}

  /**
   * What is remembered of a pod.
   *
   * @param rejected its counter of refused connections when last seen
   * @param rejectedPerSecond smoothed
   * @param peak the most connections it held lately
   * @param outOfMemory the last out-of-memory kill known of
   * @param smaller its own limit while it has less memory than others, or less room in it
   * @param cut its own limit while it recovers from pressure
   * @param share its own limit while it holds too large a part of the connections
   * @param mark what it was told when last seen; absent before it was told anything
   * @param life when it was seen
   */
  public record PodHistory(
      double rejected,
      double rejectedPerSecond,
      double peak,
      Optional<Instant> outOfMemory,
      OptionalInt smaller,
      Optional<Cut> cut,
      OptionalInt share,
      Optional<Mark> mark,
      Life life) {

    PodHistory with(OptionalInt otherShare) {
      return new PodHistory(
          rejected, rejectedPerSecond, peak, outOfMemory, smaller, cut, otherShare, mark, life);
    }
  }

  /**
   * The limit on a pod.
   *
   * @param raised when it was first seen to be as high
   */
  public record Mark(int limit, Instant raised) {
    static Optional<Mark> of(Pod pod, Optional<Mark> before, Instant now) {
      OptionalInt limit = pod.marks().limit();
      return limit.isPresent()
          ? Optional.of(
              new Mark(
                  limit.getAsInt(),
                  before
                      .filter(known -> limit.getAsInt() <= known.limit())
                      .map(Mark::raised)
                      .orElse(now)))
          : Optional.empty();
    }
  }

  /**
   * When a pod was seen.
   *
   * @param first when it was first seen, in any state
   * @param starting whether it was starting then
   * @param answered when it first answered
   * @param last when it last answered
   */
  public record Life(
      Instant first, boolean starting, Optional<Instant> answered, Optional<Instant> last) {
    static Life of(Optional<Life> before, Pod pod, Instant now) {
      boolean answers = pod.observed().isPresent();
      Optional<Instant> first = before.flatMap(Life::answered);
      return new Life(
          before.map(Life::first).orElse(now),
          before.map(Life::starting).orElse(pod.state() instanceof Pod.Starting),
          answers ? first.or(() -> Optional.of(now)) : first,
          answers ? Optional.of(now) : before.flatMap(Life::last));
    }
  }

  /**
   * A pod's own limit after pressure.
   *
   * @param limit connections
   * @param at when it last moved
   * @param workingSet the pod's bytes when it was last cut
   */
  public record Cut(int limit, Instant at, long workingSet) {
    /** This cut, down to no less than {@code least} connections. */
    Cut atLeast(int least) {
      return limit >= least ? this : new Cut(least, at, workingSet);
    }
  }
}
