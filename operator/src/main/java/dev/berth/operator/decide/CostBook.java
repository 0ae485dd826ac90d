package dev.berth.operator.decide;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a connection costs, for each template that pods are made from. A new template starts from
 * the costliest old one, trusted less; templates that no pod is made from any more are forgotten,
 * but for their cost, and how many connections bore it out.
 *
 * @param prior the cost in bytes that an unseen template is believed to have
 * @param seenBefore the most connections that a pod was seen to hold when there were templates
 * @param byTemplate what was learned
 * @param resumed whether a process before this one had learned more: until a pod was seen to grow,
 *     what load has left in pods can't be told from what they need
 */
public record CostBook(
    long prior, int seenBefore, Map<String, CostEstimate> byTemplate, boolean resumed) {
  /**
   * The guess where nothing is known, in bytes: what a WebSocket chat session with its buffers
   * costs, generously.
   */
  public static final long GUESS = 64 * 1024;

  static final CostBook UNKNOWN = new CostBook(GUESS, 0, Map.of(), false);

  public CostBook {
    byTemplate = Map.copyOf(byTemplate);
  }

  static CostBook remembered(long bytesPerConnection) {
    return new CostBook(bytesPerConnection, 0, Map.of(), true);
  }

  /** This book with the templates in use, and no others. */
  CostBook of(Set<String> templates) {
    var kept = new HashMap<String, CostEstimate>();
    long believed = cost();
    int seen = mostSeen();
    for (String template : templates) {
      var known = byTemplate.get(template);
      kept.put(template, known != null ? known : CostEstimate.unlearned(believed, seen));
    }
    return new CostBook(believed, seen, kept, resumed);
  }

  /** This book after these pods were seen, in this order. */
  CostBook learn(List<Pod> pods, Instant now) {
    var next = new HashMap<String, CostEstimate>();
    byTemplate.forEach((template, estimate) ->
        next.put(
            template,
            learned(
                estimate,
                pods.stream().filter(pod -> pod.template().equals(template)).toList(),
                now)));
    return new CostBook(prior, seenBefore, next, resumed && !allHaveGrown(next));
  }

  private static boolean allHaveGrown(Map<String, CostEstimate> byTemplate) {
    return !byTemplate.isEmpty() && byTemplate.values().stream().allMatch(CostEstimate::hasGrown);
  }

  /** An estimate after pods of its template were seen; one that tells no memory teaches nothing. */
  private static CostEstimate learned(CostEstimate before, List<Pod> pods, Instant now) {
    CostEstimate next = before;
    for (Pod pod : pods) {
      long moved = pod.observed().map(Pod.Observed::moved).orElse(0L);
      if (moved > 0) {
        long code = pod.observed().map(Pod.Observed::code).orElse(0L);
        next = next.with(pod.name(), pod.active(), moved, now).withCode(pod.name(), code);
      }
    }
    return next.withOverheads(pods.stream().flatMap(pod -> overhead(pod).stream()).toList())
        .fitted();
  }

  private static Optional<CostEstimate.Overhead> overhead(Pod pod) {
    return pod.observed()
        .filter(seen -> seen.live().isPresent() && seen.workingSet() > 0 && seen.moved() > 0)
        .map(seen ->
            new CostEstimate.Overhead(
                pod.name(),
                seen.active(),
                Math.max(0, seen.workingSet() - seen.live().getAsLong())));
  }

  /** Bytes that a connection costs: the upper side, of the costliest template. */
  long cost() {
    return estimates().stream().mapToLong(CostEstimate::bytesPerConnection).max().orElse(prior);
  }

  /** Bytes of a pod without connections, of the largest template; 0 while no pod was seen. */
  long base() {
    return estimates().stream().mapToLong(CostEstimate::podBytes).max().orElse(0);
  }

  /** The part of {@link #base} that a process says it needs. */
  long needed() {
    return estimates().stream().mapToLong(CostEstimate::neededBytes).max().orElse(0);
  }

  /** How far the cost is learned rather than believed, 0 to 1: the least of the templates. */
  double trust() {
    return estimates().stream().mapToDouble(CostEstimate::trust).min().orElse(0);
  }

  /** The most connections that a pod was seen to hold. */
  int mostSeen() {
    return estimates().stream().mapToInt(CostEstimate::mostSeen).max().orElse(seenBefore);
  }

  private Collection<CostEstimate> estimates() {
    return byTemplate.values();
  }
}
