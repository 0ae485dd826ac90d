package dev.berth.e2e.surge;

import dev.berth.e2e.load.Counts;
import dev.berth.e2e.load.Recorded;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The figures of a surge.
 *
 * @param served connection-seconds that the clients had until the fall's end, in percent of those
 *     wanted
 * @param refused whole 503s that clients got until then
 * @param broken connections that ended without notice, or got anything but a whole 503, in all
 * @param unreachable attempts that gave no connection, in all
 * @param kills containers that ended and were started again
 * @param undrained pods removed without having been told to drain
 * @param skew the fullest pod at the end of the hold over the mean
 * @param held the pods' connections then, fullest first
 * @param decision seconds from saturation over the target to more replicas; absent: it never passed
 *     the target
 * @param limitLags seconds from a limit's writing to its being seen in force in a ready pod
 * @param firstLimits what each later pod's own limit was before it took a connection; 0: it took
 *     one before it was looked at
 * @param fullest the most memory that a pod used, in percent of its limit
 * @param mostPods the most replicas
 * @param leastPods the replicas at the end
 * @param calmed seconds from the fall's end to the last removal of a pod
 */
record Findings(
    double served,
    long refused,
    long broken,
    long unreachable,
    List<String> kills,
    List<String> undrained,
    double skew,
    List<Integer> held,
    OptionalDouble decision,
    Lags limitLags,
    List<Integer> firstLimits,
    double fullest,
    int mostPods,
    int leastPods,
    double calmed) {

  static Findings of(Shape shape, Timeline timeline, Witness witness, Counts fallen, Counts all) {
    long fall = timeline.begins() + shape.untilFall().toMillis();
    List<Integer> held = held(timeline, witness, fall);
    double mean = held.stream().mapToInt(Integer::intValue).average().orElse(0);
    var replicas = witness.replicas().stream().mapToInt(Witness.Change::to).summaryStatistics();
    return new Findings(
        100.0 * fallen.heldMillis() / fallen.wantedMillis(),
        fallen.refused(),
        all.broken(),
        all.unreachable(),
        witness.kills(),
        witness.removedUndrained(),
        held.isEmpty() ? 0 : held.getFirst() / mean,
        held,
        decision(timeline, witness),
        Lags.of(timeline, witness),
        firstLimits(timeline, witness),
        timeline.lines().stream()
            .filter(Recorded.Pod.class::isInstance)
            .mapToDouble(
                line -> ((Recorded.Pod) line).workingSet() * 100.0 / (Shape.MEBIBYTES << 20))
            .max()
            .orElse(0),
        replicas.getMax(),
        witness.replicas().getLast().to(),
        (witness.replicas().getLast().at() - fall - shape.fall().toMillis()) / 1000.0);
  }

  private static List<Integer> held(Timeline timeline, Witness witness, long at) {
    var held = new ArrayList<Integer>();
    witness
        .lives()
        .forEach((name, life) -> {
          if (life.serves(at)) {
            timeline.of(name).stream()
                .filter(line -> line.at() <= at)
                .reduce((a, b) -> b)
                .ifPresent(line -> held.add(line.active()));
          }
        });
    return held.stream().sorted(Comparator.reverseOrder()).toList();
  }

  private static OptionalDouble decision(Timeline timeline, Witness witness) {
    OptionalLong over =
        timeline.seconds().stream()
            .filter(second -> {
              IntSummaryStatistics limits =
                  second.pods().values().stream().mapToInt(Recorded.Pod::limit).summaryStatistics();
              return second.active() * 100L > Shape.TARGET * limits.getSum();
            })
            .mapToLong(second -> second.clients().at())
            .findFirst();
    long more =
        witness.replicas().stream()
            .filter(change -> change.at() >= timeline.begins() && change.to() > 1)
            .mapToLong(Witness.Change::at)
            .findFirst()
            .orElse(Long.MAX_VALUE);
    return over.isEmpty()
        ? OptionalDouble.empty()
        : OptionalDouble.of((more - over.getAsLong()) / 1000.0);
  }

  private static List<Integer> firstLimits(Timeline timeline, Witness witness) {
    var limits = new ArrayList<Integer>();
    for (String pod : witness.lives().keySet()) {
      List<Recorded.Pod> lines = timeline.of(pod);
      if (!lines.isEmpty() && lines.getFirst().at() > timeline.begins() + 2_000) {
        limits.add(
            lines.stream()
                .filter(line -> line.accepted() == 0)
                .reduce((a, b) -> b)
                .map(Recorded.Pod::limit)
                .orElse(0));
      }
    }
    return limits;
  }

  /** Them, as a table, beside what {@code shape} requires. */
  String table(Shape shape) {
    return String.format(
        Locale.ROOT,
        """
        | what | required | found |
        |---|---|---|
        | connection-seconds served, to the end of the fall | ≥ 99.5 %% | %.2f %% |
        | clients refused, each by a whole 503 | ≤ %,d | %,d |
        | connections broken | 0 | %d |
        | attempts that found no server | 0 | %d |
        | containers killed | 0 | %s |
        | pods removed undrained | 0 | %s |
        | skew (max/mean) at the end of the hold | ≤ 1.5 | %.2f (%s) |
        | more pods decided, from when saturation passed the target (before it: negative) | ≤ 5 s | %s |
        | a limit seen in force in a ready pod after its writing: median, 95 %%, most | ≤ 2 s | %.1f s, %.1f s, %.1f s |
        | a new pod's own limit before its first connection | right | %s |
        | memory of the fullest pod | < 100 %% | %.0f %% |
        | most pods | ≤ %d | %d |
        | back to %d pod(s) after the fall | | %.0f s |
        """,
        served,
        shape.refusals(),
        refused,
        broken,
        unreachable,
        kills.isEmpty() ? "0" : kills.toString(),
        undrained.isEmpty() ? "0" : undrained.toString(),
        skew,
        join(held),
        decision.isEmpty() ? "it never did" : "%.1f s".formatted(decision.getAsDouble()),
        limitLags.at(0.5),
        limitLags.at(0.95),
        limitLags.most(),
        join(firstLimits),
        fullest,
        shape.maxReplicas(),
        mostPods,
        leastPods,
        calmed);
  }

  private static String join(List<Integer> numbers) {
    return String.join(", ", numbers.stream().map(String::valueOf).toList());
  }
}
