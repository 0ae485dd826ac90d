package dev.berth.operator.decide;

import dev.berth.operator.decide.History.Cut;
import dev.berth.operator.decide.History.PodHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** How many connections a pod may hold: from its memory, and less while it is under pressure. */
final class PodLimits {
  /** Changes smaller than this part are not made. */
  static final double DEAD_BAND = 0.05;

  private static final double LARGEST_RAISE = 1.25;
  private static final Duration RAISE_INTERVAL = Duration.ofSeconds(5);
  private static final double BEYOND_SEEN = 2;
  private static final double CUT = 0.8;
  private static final double CUT_AFTER_KILL = 0.7;
  private static final Duration CUT_INTERVAL = Duration.ofSeconds(10);
  private static final double RECOVERY = 0.05;

  private PodLimits() {}

  /**
   * The limit that memory allows: {@code (targetUtilization × memory limit − base) / cost}, within
   * the policy's bounds. While the cost was learned from few connections, at most twice the most
   * seen, or what the first guess of a cost allows.
   */
  static Bounded fromMemory(Policy policy, CostBook book, long memoryLimit) {
    double usable = usable(policy, memoryLimit, book.base());
    double allowed = Math.floor(usable / book.cost());
    double seen = Math.floor(Math.max(usable / CostBook.GUESS, BEYOND_SEEN * book.mostSeen()));
    int least = policy.connections().minLimit();
    int most = policy.connections().maxLimit();
    int limit = (int) Math.clamp(Math.min(allowed, seen), least, most);
    if (limit > allowed) {
      return new Bounded(limit, Optional.of("no less than minLimit"));
    }
    if (limit == allowed) {
      return new Bounded(limit, Optional.empty());
    }
    return new Bounded(
        limit,
        Optional.of(
            limit == most ? "no more than maxLimit" : "no more than what was seen bears out"));
  }

  /** A limit, and what keeps it from what memory allows, in words; absent if nothing does. */
  record Bounded(int limit, Optional<String> by) {}

  /**
   * The limit of before, as far as memory allows it by what processes say they need: what they hold
   * beyond that may be what load has left.
   */
  static int kept(Policy policy, CostBook book, long memoryLimit, int before) {
    double usable = usable(policy, memoryLimit, book.needed());
    return within(policy, (int) Math.clamp(Math.floor(usable / book.cost()), 0, before));
  }

  /**
   * How many connections a pod may hold until it is under pressure, by what its own process needs
   * without any: one that leaks, or whose connections cost more than others', has less room than
   * the limit supposes, and a wave may fill it sooner than a cut reaches it. Absent where it
   * doesn't tell what it needs: memory that load has left would be taken for such a need.
   *
   * @param cost bytes of a connection
   * @param beyond bytes that a pod holds beyond what its process needs
   */
  static OptionalInt room(Pod pod, Policy policy, long cost, long beyond) {
    OptionalLong live = pod.observed().map(Pod.Observed::live).orElse(OptionalLong.empty());
    if (live.isEmpty() || pod.memoryLimit().isEmpty()) {
      return OptionalInt.empty();
    }
    double bare = live.getAsLong() + beyond - (double) cost * pod.active();
    double most = policy.memory().pressureUtilization() / 100.0 * pod.memoryLimit().getAsLong();
    double room = Math.floor((most - bare) / cost);
    return OptionalInt.of(within(policy, (int) Math.clamp(room, 0, Integer.MAX_VALUE)));
  }

  /** Bytes for connections in a pod that holds so many without any. */
  private static double usable(Policy policy, long memoryLimit, long held) {
    return policy.memory().targetUtilization() / 100.0 * memoryLimit - held;
  }

  /**
   * The limit to decide now, given the last one: unchanged within the dead band, raised by at most
   * a quarter each 5 seconds (memory follows connections late), lowered at once.
   */
  static int moved(
      int wanted, OptionalInt last, Optional<Instant> raised, Instant now, Policy policy) {
    if (last.isEmpty()) {
      return wanted;
    }
    int before = within(policy, last.getAsInt());
    if (near(wanted, before)) {
      return before;
    }
    if (wanted < before) {
      return wanted;
    }
    if (raised.isPresent() && now.isBefore(raised.get().plus(RAISE_INTERVAL))) {
      return before;
    }
    return Math.min(wanted, (int) Math.ceil(before * LARGEST_RAISE));
  }

  private static boolean near(int wanted, int limit) {
    return Math.abs(wanted - limit) <= DEAD_BAND * limit;
  }

  /** Whether the limit, moved, is yet to be raised. */
  static boolean rises(int limit, int wanted) {
    return wanted > limit && !near(wanted, limit);
  }

  /** The limit within the policy's bounds, which may be others than when it was decided. */
  static int within(Policy policy, int limit) {
    return Math.clamp(limit, policy.connections().minLimit(), policy.connections().maxLimit());
  }

  /** Whether the pod uses as much of its memory as the policy calls pressure. */
  static boolean pressed(Pod pod, Policy policy) {
    var seen = pod.observed();
    return seen.isPresent()
        && pod.memoryLimit().isPresent()
        && seen.get().workingSet()
            >= policy.memory().pressureUtilization() / 100.0 * pod.memoryLimit().getAsLong();
  }

  /**
   * The pod's own limit after this round: cut to {@value #CUT} of what it holds under pressure, to
   * {@value #CUT_AFTER_KILL} of the limit after an out-of-memory kill, and raised by {@value
   * #RECOVERY} of the limit each 10 seconds without; absent when it is back at the limit. Memory
   * that stays committed doesn't cut twice: under lasting pressure only more memory, or a pod still
   * over its cut, cuts again. It moves from what the pod was told: a cut that nobody carries out is
   * neither cut again nor raised. A new process goes on from the pod's mark.
   */
  static Optional<Cut> cut(Pod pod, int limit, History history, Policy policy, Instant now) {
    Optional<PodHistory> known = history.pod(pod.name());
    int floor = policy.connections().minLimit();
    Optional<Cut> before =
        (history.at().isEmpty() ? marked(pod, limit, history, policy, now) : Optional.<Cut>empty())
            .or(() -> known.flatMap(PodHistory::cut))
            .map(cut -> cut.atLeast(floor));
    var seen = pod.observed();
    long workingSet = seen.map(Pod.Observed::workingSet).orElse(0L);
    int told = Math.min(limit, pod.marks().limit().orElse(limit));
    if (killedSince(pod, known)) {
      return Optional.of(new Cut(Math.max(floor, (int) (told * CUT_AFTER_KILL)), now, workingSet));
    }
    boolean due = before.isEmpty() || !now.isBefore(before.get().at().plus(CUT_INTERVAL));
    if (seen.isEmpty() || !due) {
      return before;
    }
    if (pressed(pod, policy) && cutsAgain(seen.get(), before)) {
      int held = Math.min(seen.get().active(), told);
      return Optional.of(new Cut(Math.max(floor, (int) (held * CUT)), now, workingSet));
    }
    if (before.isEmpty()
        || told < Math.min(limit, before.get().limit())
        || (pressed(pod, policy) && !idleMemory(pod, policy))) {
      return before;
    }
    int raised = Math.min(limit, before.get().limit() + (int) Math.ceil(limit * RECOVERY));
    // A cut is forgotten only without pressure: what is remembered of it keeps idle memory from
    // cutting again.
    return raised == limit && !pressed(pod, policy)
        ? Optional.empty()
        : Optional.of(new Cut(raised, now, before.get().workingSet()));
  }

  /**
   * The cut that a process before left on the pod: its mark, where that is below the limit that all
   * pods had by the same policy and have now. A share for balance reads alike, and is given back as
   * slowly: it is no smaller than an equal part.
   */
  private static Optional<Cut> marked(
      Pod pod, int limit, History history, Policy policy, Instant now) {
    int common = Math.min(limit, history.limit().orElse(0));
    int mark = pod.marks().limit().orElse(common);
    return mark < common && pod.marks().generation() == policy.generation()
        ? Optional.of(new Cut(mark, now, pod.observed().map(Pod.Observed::workingSet).orElse(0L)))
        : Optional.empty();
  }

  private static boolean cutsAgain(Pod.Observed pod, Optional<Cut> before) {
    return before.isEmpty()
        || pod.workingSet() > before.get().workingSet() * 1.01
        || pod.active() > before.get().limit();
  }

  /** Whether the pod's pressure is memory that its process has done with. */
  private static boolean idleMemory(Pod pod, Policy policy) {
    OptionalLong live = pod.observed().map(Pod.Observed::live).orElse(OptionalLong.empty());
    return live.isPresent()
        && pod.memoryLimit().isPresent()
        && live.getAsLong()
            < policy.memory().targetUtilization() / 100.0 * pod.memoryLimit().getAsLong();
  }

  static boolean killedSince(Pod pod, Optional<PodHistory> known) {
    return known.isPresent()
        && pod.outOfMemory().isPresent()
        && !pod.outOfMemory().equals(known.get().outOfMemory());
  }
}
