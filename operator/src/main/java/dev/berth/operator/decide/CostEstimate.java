package dev.berth.operator.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * What a connection costs in pods of one template: the slope of {@code memory = base + cost ×
 * connections}, of which each pod has its own base.
 *
 * <p>It is the weighted Theil–Sen estimator: of the slopes between every two levels of load of a
 * pod, and, for much less, between every two pods, the quantile {@value #UPPER_SIDE} by weight. Up
 * to two fifths of them may be wild before it is: one pod that leaks, or holds more than the
 * others, moves it little (Sen, "Estimates of the Regression Coefficient Based on Kendall's Tau",
 * 1968; the weights after Jaeckel, "Estimating Regression Coefficients by Minimizing the Dispersion
 * of the Residuals", 1972). The upper side is used because a guess too high costs a pod and one too
 * low an out-of-memory kill.
 *
 * @param prior the cost believed before anything was seen, in bytes
 * @param seenBefore the most connections that a pod was seen to hold before the first of this
 *     template: they bear a limit out as long as that cost is believed, or another is learned
 * @param overhead bytes that a pod holds beyond what its process says it needs; absent before any
 *     was seen
 * @param overheadAt about how many connections it was seen at, where it depends on them; 0 before a
 *     pod was seen to grow
 * @param lines what was seen of each pod, without its code
 * @param fit what follows from them
 */
public record CostEstimate(
    long prior,
    int seenBefore,
    OptionalLong overhead,
    int overheadAt,
    Map<String, Line> lines,
    CostFit fit) {
  static final double UPPER_SIDE = 0.6;
  private static final double BETWEEN_PODS = 0.1;
  private static final int MOST_LINES = 12;
  private static final String OTHERS = "";
  private static final double AS_MANY = 0.9;

  /** The part of its difference by which the least overhead rises with each round. */
  private static final double RISE = 1 / 300.0;

  private static final long GROWN = 16 << 20;
  private static final Duration GONE = Duration.ofMinutes(10);

  public CostEstimate {
    lines = Map.copyOf(lines);
  }

  /** An estimate that has seen nothing and believes {@code prior}. */
  static CostEstimate unlearned(long prior) {
    return unlearned(prior, 0);
  }

  /** The same, of a template that comes after one whose pods held so many connections. */
  static CostEstimate unlearned(long prior, int seenBefore) {
    return new CostEstimate(
        prior, seenBefore, OptionalLong.empty(), 0, Map.of(), CostFit.none(prior));
  }

  /**
   * This estimate after a pod was seen; {@link #fitted} makes it count. Beyond {@value #MOST_LINES}
   * pods, those not known yet are taken together.
   */
  CostEstimate with(String pod, int connections, long bytes, Instant now) {
    var next = new HashMap<>(lines);
    if (!next.containsKey(pod) && next.size() >= MOST_LINES) {
      next.values().removeIf(line -> line.at().isBefore(now.minus(GONE)));
    }
    String name = next.containsKey(pod) || next.size() < MOST_LINES ? pod : OTHERS;
    next.merge(
        name,
        Line.NONE.with(connections, bytes, now),
        (line, one) -> line.with(connections, bytes, now));
    return new CostEstimate(prior, seenBefore, overhead, overheadAt, next, fit);
  }

  /**
   * What a pod holds beyond what its process needs: native libraries, stacks, the free part of a
   * heap.
   */
  record Overhead(String pod, int connections, long bytes) {}

  /**
   * This estimate after the pods of a round were seen, in any order. The least overhead of a pod
   * counts, since memory that connections have left is in it, and goes to others as they come; of a
   * pod the mean at its level, as the least of single figures is mostly noise. Once a pod was seen
   * to grow by {@value #GROWN} bytes, which others had not left there, the least of pods as full as
   * that, now more than before: the need grows with the heap.
   */
  CostEstimate withOverheads(List<Overhead> seen) {
    int most =
        seen.stream()
            .filter(each -> grown(each.pod()))
            .mapToInt(Overhead::connections)
            .max()
            .orElse(0);
    boolean more = AS_MANY * most > overheadAt;
    int at = more ? most : overheadAt;
    OptionalLong known = more ? OptionalLong.empty() : overhead;
    var next = new HashMap<>(lines);
    seen.forEach(each ->
        next.computeIfPresent(
            name(each.pod()), (name, line) -> line.withOverhead(each.connections(), each.bytes())));
    OptionalLong told =
        seen.stream()
            .filter(each -> each.connections() >= AS_MANY * at)
            .flatMapToLong(each -> mean(each, next, known.isEmpty()))
            .min();
    return new CostEstimate(prior, seenBefore, least(known, told, at > 0), at, next, fit);
  }

  private static LongStream mean(Overhead seen, Map<String, Line> lines, boolean first) {
    var level =
        Optional.ofNullable(lines.getOrDefault(seen.pod(), lines.get(OTHERS)))
            .flatMap(line -> line.level(seen.connections()));
    return level.isEmpty()
        ? LongStream.of(seen.bytes())
        : level
            .filter(each -> first || each.knownWell())
            .map(each -> LongStream.of(Math.round(each.overhead())))
            .orElseGet(LongStream::empty);
  }

  private static OptionalLong least(OptionalLong known, OptionalLong told, boolean grown) {
    if (known.isEmpty() || told.isEmpty()) {
      return known.isPresent() ? known : told;
    }
    long more = told.getAsLong() - known.getAsLong();
    return OptionalLong.of(
        known.getAsLong() + (more < 0 ? more : grown ? Math.round(RISE * more) : 0));
  }

  private String name(String pod) {
    return lines.containsKey(pod) ? pod : OTHERS;
  }

  /** Whether a pod was seen to grow by {@value #GROWN} bytes. */
  boolean hasGrown() {
    return lines.keySet().stream().anyMatch(this::grown);
  }

  private boolean grown(String pod) {
    var seen =
        lines.getOrDefault(pod, Line.NONE).levels().stream()
            .mapToDouble(Line.Level::bytes)
            .summaryStatistics();
    return seen.getMax() - seen.getMin() >= GROWN;
  }

  /** This estimate after a pod was seen with so many bytes of code. */
  CostEstimate withCode(String pod, long bytes) {
    var next = new HashMap<>(lines);
    next.computeIfPresent(name(pod), (name, line) -> line.withCode(bytes));
    return new CostEstimate(prior, seenBefore, overhead, overheadAt, next, fit);
  }

  /** This estimate with what follows from all that was seen. */
  CostEstimate fitted() {
    var all = List.copyOf(lines.values());
    Instant newest =
        all.stream().map(Line::at).max(Comparator.naturalOrder()).orElse(Instant.EPOCH);
    List<Weighted> slopes = even(all.stream().map(line -> line.slopes(newest)).toList());
    slopes.addAll(between(all, newest, Weighted.sum(slopes)));
    return new CostEstimate(
        prior,
        seenBefore,
        overhead,
        overheadAt,
        lines,
        CostFit.of(
            prior,
            slopes.isEmpty() ? prior : Weighted.quantile(slopes, UPPER_SIDE),
            all.stream().flatMap(line -> line.levels().stream()).toList(),
            cost ->
                Weighted.quantile(
                    even(all.stream().map(line -> line.bases(cost, newest)).toList()),
                    UPPER_SIDE)));
  }

  /**
   * The slopes between the pods, of each pod's to the others the mean. They count for no more than
   * a tenth of what is told {@code within} the pods, if anything is: of pods that have long been at
   * one level it is old, and what lies between them is fresh, and mostly their bases.
   */
  private static List<Weighted> between(List<Line> all, Instant newest, double within) {
    var middles = all.stream().map(Line::middle).toList();
    var slopes = new ArrayList<Weighted>();
    for (int i = 0; i < all.size(); i++) {
      for (int j = i + 1; j < all.size(); j++) {
        slopes.addAll(
            Line.slopes(middles.get(i), middles.get(j), newest, BETWEEN_PODS / (all.size() - 1)));
      }
    }
    double most = BETWEEN_PODS * within;
    double told = Weighted.sum(slopes);
    return within > 0 && told > most
        ? slopes.stream().map(one -> one.times(most / told)).toList()
        : slopes;
  }

  /**
   * What each pod tells, where none counts for more than the pod in the middle does. Among pods
   * that have long been at one level, the only one that moves would else outweigh all others: if it
   * leaks, it would teach them that connections are costly, and, once its limit is cut, that a pod
   * without any is nearly full.
   */
  private static List<Weighted> even(List<List<Weighted>> byPod) {
    double[] sums = byPod.stream().mapToDouble(Weighted::sum).toArray();
    double[] told = Arrays.stream(sums).filter(sum -> sum > 0).sorted().toArray();
    var all = new ArrayList<Weighted>();
    for (int pod = 0; pod < sums.length; pod++) {
      if (sums[pod] > 0) {
        double part = Math.min(1, told[told.length / 2] / sums[pod]);
        byPod.get(pod).forEach(one -> all.add(one.times(part)));
      }
    }
    return all;
  }

  /** Bytes that a connection costs, at least 1. */
  public long bytesPerConnection() {
    return fit.cost();
  }

  /** Bytes of a pod without connections, its overhead included; 0 when nothing was seen. */
  public long podBytes() {
    return neededBytes() + overhead.orElse(0);
  }

  /**
   * Bytes that a process says it needs without connections, at least 0; 0 when nothing was seen.
   */
  public long neededBytes() {
    return fit.base() + code();
  }

  /** Bytes of classes and compiled code in a pod: the upper side of what pods tell. */
  private long code() {
    return (long)
        Weighted.quantile(
            lines.values().stream().map(line -> new Weighted(line.code(), 1)).toList(), UPPER_SIDE);
  }

  /** How far the cost is learned, 0 to 1. */
  public double trust() {
    return fit.trust();
  }

  /** The most connections that a pod was seen to hold, of this template or before it. */
  public int mostSeen() {
    return Math.max(fit.mostSeen(), seenBefore);
  }
}
