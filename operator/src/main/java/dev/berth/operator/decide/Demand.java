package dev.berth.operator.decide;

import dev.berth.operator.decide.History.PodHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.function.ToIntFunction;

/**
 * The connections that clients want, open or not.
 *
 * @param active open connections of all pods, draining ones included: their clients come back
 * @param waiting clients in the pods' queues
 * @param refused clients that were refused and are out there, trying again
 * @param rejectedPerSecond connections refused for want of a permit, smoothed
 * @param missing pods that can't be asked, may hold connections, and aren't draining
 */
record Demand(int active, int waiting, double refused, double rejectedPerSecond, int missing) {
  /**
   * How often a refused client is taken to try again: the {@code Retry-After} that the server
   * sends. A client that retries is refused once in that time, so the refusals of that time are as
   * many clients.
   */
  static final Duration RETRY = Duration.ofSeconds(1);

  private static final Duration REFUSED_HALF_LIFE = Duration.ofSeconds(2);
  private static final double SMOOTHING = 0.3;
  private static final double FELT = 0.5;

  /**
   * @param lost whose {@code vacant} pods hold none
   * @param felt the history with this round's pods in it
   * @param before the history of the round before
   */
  static Demand of(Observation seen, Lost lost, History felt, History before, Instant now) {
    int active = sum(seen, Pod::active);
    int waiting = sum(seen, Pod::waiting);
    double smoothed =
        seen.pods().stream()
            .flatMap(pod -> felt.pod(pod.name()).stream())
            .mapToDouble(PodHistory::rejectedPerSecond)
            .sum();
    return new Demand(
        active,
        waiting,
        refused(seen, before, (double) active + waiting, now),
        smoothed < FELT ? 0 : smoothed,
        (int) seen.missing().stream().filter(lost::mayHold).count());
  }

  /** What all pods hold together, as far as it can be told: a broken pod may say anything. */
  private static int sum(Observation seen, ToIntFunction<Pod> held) {
    return Math.clamp(seen.pods().stream().mapToLong(held::applyAsInt).sum(), 0, Integer.MAX_VALUE);
  }

  /**
   * Clients refused and not let in since: those of the last second, or those known of before that
   * have neither come in nor given up.
   */
  private static double refused(Observation seen, History before, double held, Instant now) {
    long millis = before.since(now).toMillis();
    if (millis <= 0) {
      return before.refused();
    }
    double perSecond = seen.pods().stream().mapToDouble(pod -> perSecond(pod, before, now)).sum();
    double tried = perSecond * RETRY.toMillis() / 1000;
    double faded = before.refused() * Math.pow(0.5, millis / (double) REFUSED_HALF_LIFE.toMillis());
    double letIn = Math.max(0, held - before.held());
    double clients = Math.max(tried, faded - letIn);
    return clients < FELT ? 0 : clients;
  }

  private static double perSecond(Pod pod, History before, Instant now) {
    var state = pod.observed();
    var known = before.pod(pod.name());
    return state.isPresent() && known.isPresent() ? perSecond(state.get(), known.get(), now) : 0;
  }

  /**
   * Refused a second since the pod last answered, which may be many rounds ago: none if it never
   * did, as its counter may be of days. One that fell has started again from 0.
   */
  private static double perSecond(Pod.Observed pod, PodHistory before, Instant now) {
    long millis =
        before.life().last().map(last -> Duration.between(last, now).toMillis()).orElse(0L);
    double refused =
        pod.rejected() >= before.rejected() ? pod.rejected() - before.rejected() : pod.rejected();
    return millis > 0 ? refused * 1000 / millis : 0;
  }

  /**
   * Whether a connection was refused lately for want of a permit, by a pod that might hold as many
   * as its memory allows: one that refuses for balance is no sign of want.
   */
  static boolean refusedNow(Observation seen, History history, Instant now) {
    return seen.pods().stream()
        .filter(pod -> history.pod(pod.name()).map(known -> known.share().isEmpty()).orElse(false))
        .anyMatch(pod -> perSecond(pod, history, now) > 0);
  }

  /** Those that are counted although no pod serves them, in words; empty when there are none. */
  String unserved() {
    String out = refused > 0 ? "%.0f refused".formatted(refused) : "";
    String queued = waiting > 0 ? "%d waiting".formatted(waiting) : "";
    String both = out.isEmpty() || queued.isEmpty() ? out + queued : out + " and " + queued;
    return both.isEmpty() ? "" : " (%s counted)".formatted(both);
  }

  /** What scaling up counts: a missing pod adds nothing. */
  double atLeast() {
    return (double) active + waiting + refused;
  }

  /** What scaling down counts: a missing pod is full. */
  double atMost(int limit) {
    return atLeast() + (double) missing * limit;
  }

  /** A pod's refusals per second after this round, for people: they fade rather than vanish. */
  static double rejectedPerSecond(Pod.Observed pod, PodHistory before, Instant now) {
    double rate = perSecond(pod, before, now);
    double smoothed = before.rejectedPerSecond();
    return rate >= smoothed ? rate : smoothed + SMOOTHING * (rate - smoothed);
  }
}
