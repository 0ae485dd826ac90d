package dev.berth.operator.decide;

import dev.berth.operator.decide.History.Cut;
import dev.berth.operator.decide.History.PodHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The limit of each pod in one round: what its own memory allows. Pods with less memory than
 * others, as in a rollout that changes it, or with less room in it, as those that leak, take fewer,
 * and have the others take no fewer.
 *
 * @param common the limit of a pod with the most memory of those that serve, and without a cut of
 *     its own; what is reported, and moved from; absent before any pod was seen
 * @param told what pods were told before this round; absent if they weren't
 * @param raised when {@code common} was last raised
 * @param smaller pods with less memory than those that {@code common} is for, or less room in it,
 *     with their own limit
 * @param cuts pods under pressure, or recovering, with their own limit
 * @param curbs pods that enforce less than they were told
 * @param balance pods that hold too large a part, with their own limit
 * @param pressed pods under pressure now
 * @param reason one sentence with its figures
 */
record Limits(
    OptionalInt common,
    OptionalInt told,
    Optional<Instant> raised,
    Map<String, Integer> smaller,
    Map<String, Cut> cuts,
    Curbs curbs,
    Balance balance,
    int pressed,
    String reason) {
  private static final String UNSEEN = "no pod is observed";

  /** These limits with shares. */
  Limits with(Balance shares) {
    return new Limits(common, told, raised, smaller, cuts, curbs, shares, pressed, reason);
  }

  /**
   * The limits to tell the pods, or to recommend.
   *
   * @param held whether nothing may be changed: what is recommended then moves on, and what pods
   *     are told later moves from what they have
   */
  static Limits of(
      Policy policy, Observation seen, CostBook book, History history, boolean held, Instant now) {
    OptionalLong memory = memory(seen);
    Optional<PodLimits.Bounded> wanted =
        seen.pods().stream().allMatch(pod -> pod.observed().isEmpty())
            ? Optional.empty()
            : Optional.of(wanted(policy, book, memory, history.limit()));
    OptionalInt told = told(seen, history);
    if (wanted.isEmpty() && history.limit().isEmpty()) {
      return new Limits(
          history.limit(),
          told,
          history.limitRaised(),
          Map.of(),
          Map.of(),
          Curbs.NONE,
          Balance.NONE,
          0,
          UNSEEN);
    }
    OptionalInt last = held || told.isEmpty() ? history.limit() : told;
    // A pod that dies as soon as it is full may never be observed: what was decided last is cut.
    int limit =
        wanted.isPresent()
            ? PodLimits.moved(wanted.get().limit(), last, history.limitRaised(), now, policy)
            : PodLimits.within(policy, last.getAsInt());
    boolean up = last.isPresent() && limit > last.getAsInt();
    var smaller = new HashMap<String, Integer>();
    var cuts = new HashMap<String, Cut>();
    long cost = book.cost();
    // after a restart what load has left can't be told from what a pod holds beyond its need
    long beyond = book.resumed() ? 0 : book.base() - book.needed();
    for (Pod pod : seen.pods()) {
      OptionalInt room = PodLimits.room(pod, policy, cost, beyond);
      if (lessThan(memory, pod) || shortOfRoom(pod, room, limit, history)) {
        smaller.put(pod.name(), Math.min(limit, smaller(pod, room, policy, book, history, now)));
      }
      int own = smaller.getOrDefault(pod.name(), limit);
      PodLimits.cut(pod, own, history, policy, now).ifPresent(cut -> cuts.put(pod.name(), cut));
    }
    Curbs curbs = Curbs.of(seen, history, now);
    int pressed = (int) seen.pods().stream().filter(pod -> PodLimits.pressed(pod, policy)).count();
    return new Limits(
        OptionalInt.of(limit),
        told,
        up ? Optional.of(now) : history.limitRaised(),
        smaller,
        cuts,
        curbs,
        Balance.NONE,
        pressed,
        wanted.map(to -> sentence(policy, memory, book, limit, to)).orElse(UNSEEN)
            + sentence(seen, memory, smaller)
            + (curbs.reason().isEmpty() ? "" : "; " + curbs.reason()));
  }

  /** A new process asks the pods: the one before may only have recommended what the status says. */
  private static OptionalInt told(Observation seen, History history) {
    return history.at().isPresent()
        ? history.told()
        : seen.pods().stream()
            .filter(pod -> !pod.marks().draining())
            .flatMapToInt(pod -> pod.marks().limit().stream())
            .max();
  }

  /** The limit that a pod is told: what its memory allows, and no more than its share. */
  OptionalInt of(Pod pod) {
    return atMost(allowed(pod), Optional.ofNullable(balance.shares().get(pod.name())));
  }

  /** What a pod's memory allows, its own cut applied. */
  OptionalInt allowed(Pod pod) {
    return atMost(
        atMost(common, Optional.ofNullable(smaller.get(pod.name()))),
        Optional.ofNullable(cuts.get(pod.name())).map(Cut::limit));
  }

  /** What a pod can hold: what its memory allows, and no more than it enforces. */
  OptionalInt capacity(Pod pod) {
    return atMost(allowed(pod), Optional.ofNullable(curbs.limits().get(pod.name())));
  }

  /** How many a pod takes now: what it is told, or what it still enforces where that is less. */
  int taken(Pod pod) {
    int told = of(pod).orElse(0);
    return Math.min(told, pod.enforced().orElse(told));
  }

  private static OptionalInt atMost(OptionalInt limit, Optional<Integer> bound) {
    return limit.isPresent() && bound.isPresent()
        ? OptionalInt.of(Math.min(limit.getAsInt(), bound.get()))
        : limit;
  }

  /** The pods whose mark is not their limit yet; draining pods keep theirs. */
  Map<String, Integer> changes(Policy policy, Observation seen) {
    var changes = new HashMap<String, Integer>();
    for (Pod pod : seen.pods()) {
      OptionalInt limit = of(pod);
      boolean written =
          pod.marks().limit().equals(limit) && pod.marks().generation() == policy.generation();
      if (limit.isPresent() && !written && !pod.marks().draining()) {
        changes.put(pod.name(), limit.getAsInt());
      }
    }
    return changes;
  }

  /** What the next round is to know of each pod. */
  Map<String, PodHistory> remember(Observation seen, History history, Instant now) {
    Duration since = history.since(now);
    var next = new HashMap<String, PodHistory>();
    for (Pod pod : seen.pods()) {
      Optional<PodHistory> before = history.pod(pod.name());
      Optional<Cut> cut = Optional.ofNullable(cuts.get(pod.name()));
      var inside = pod.observed();
      var life = History.Life.of(before.map(PodHistory::life), pod, now);
      next.put(
          pod.name(),
          new PodHistory(
              inside
                  .map(Pod.Observed::rejected)
                  .or(() -> before.map(PodHistory::rejected))
                  .orElse(0.0),
              inside
                  .flatMap(
                      state -> before.map(known -> Demand.rejectedPerSecond(state, known, now)))
                  .orElse(0.0),
              Learning.peak(pod, before, since),
              pod.outOfMemory(),
              smaller.containsKey(pod.name())
                  ? OptionalInt.of(smaller.get(pod.name()))
                  : OptionalInt.empty(),
              cut,
              OptionalInt.empty(),
              History.Mark.of(pod, before.flatMap(PodHistory::mark), now),
              life));
    }
    return next;
  }

  /** What is remembered of each pod, with its share. */
  Map<String, PodHistory> withShares(Map<String, PodHistory> pods) {
    var next = new HashMap<>(pods);
    balance
        .shares()
        .forEach((name, share) ->
            next.computeIfPresent(name, (n, known) -> known.with(OptionalInt.of(share))));
    return next;
  }

  /**
   * What so much memory allows.
   *
   * @param last the limit of before
   */
  private static PodLimits.Bounded wanted(
      Policy policy, CostBook book, OptionalLong memory, OptionalInt last) {
    if (memory.isEmpty()) {
      return new PodLimits.Bounded(policy.connections().maxLimit(), Optional.empty());
    }
    var allowed = PodLimits.fromMemory(policy, book, memory.getAsLong());
    if (book.resumed() && last.isPresent()) {
      int kept = PodLimits.kept(policy, book, memory.getAsLong(), last.getAsInt());
      if (kept > allowed.limit()) {
        return new PodLimits.Bounded(kept, Optional.of("kept until a pod's load has grown"));
      }
    }
    return allowed;
  }

  /** What the memory of a pod that has less than others, or less room in it, allows. */
  private static int smaller(
      Pod pod, OptionalInt room, Policy policy, CostBook book, History history, Instant now) {
    Optional<PodHistory> known = history.pod(pod.name());
    OptionalInt last =
        history.at().isEmpty()
            ? pod.marks().limit()
            : known.map(PodHistory::smaller).orElse(OptionalInt.empty());
    int wanted = wanted(policy, book, pod.memoryLimit(), last).limit();
    int before = last.orElse(wanted);
    int most = room.orElse(before);
    // What has just come isn't in its memory yet, and makes room of what it will take.
    boolean grows = known.map(each -> pod.active() > each.peak()).orElse(false);
    return PodLimits.moved(
        Math.min(wanted, grows ? Math.min(most, before) : most),
        last,
        known.flatMap(PodHistory::mark).map(History.Mark::raised),
        now,
        policy);
  }

  /** Whether a pod has room for fewer than others; one that can't be seen has what it had. */
  private static boolean shortOfRoom(Pod pod, OptionalInt room, int limit, History history) {
    boolean before =
        history.pod(pod.name()).map(known -> known.smaller().isPresent()).orElse(false);
    return room.isEmpty()
        ? before
        : before ? room.getAsInt() < limit : PodLimits.rises(room.getAsInt(), limit);
  }

  private static boolean lessThan(OptionalLong memory, Pod pod) {
    return pod.memoryLimit().isPresent()
        && pod.memoryLimit().getAsLong() < memory.orElse(Long.MAX_VALUE);
  }

  /** The largest memory limit of the pods that serve, in bytes, or of all while none does. */
  static OptionalLong memory(Observation seen) {
    List<Pod> serving = seen.serving();
    return (serving.isEmpty() ? seen.pods() : serving)
        .stream().flatMapToLong(pod -> pod.memoryLimit().stream()).max();
  }

  /** The pods with less memory or room, after another sentence; empty if there are none. */
  private static String sentence(
      Observation seen, OptionalLong memory, Map<String, Integer> smaller) {
    return sentence("less memory", seen, smaller, pod -> lessThan(memory, pod))
        + sentence("less room for connections", seen, smaller, pod -> !lessThan(memory, pod));
  }

  private static String sentence(
      String lack, Observation seen, Map<String, Integer> smaller, Predicate<Pod> lacks) {
    List<Pod> pods =
        seen.pods().stream()
            .filter(pod -> smaller.containsKey(pod.name()) && lacks.test(pod))
            .toList();
    return pods.stream()
        .min(Comparator.comparingInt((Pod pod) -> smaller.get(pod.name())).thenComparing(Pod::name))
        .map(pod ->
            "; %s %s: %s takes %d at most with %s"
                .formatted(
                    Count.podsHave(pods.size()),
                    lack,
                    pod.name(),
                    smaller.get(pod.name()),
                    Bytes.of(pod.memoryLimit().orElse(0))))
        .orElse("");
  }

  private static String sentence(
      Policy policy, OptionalLong memory, CostBook book, int limit, PodLimits.Bounded wanted) {
    if (memory.isEmpty()) {
      return "limit %d is maxLimit, since the container has no memory limit".formatted(limit);
    }
    Stream<String> apart =
        Stream.concat(
            PodLimits.rises(limit, wanted.limit())
                ? Stream.of("rising to " + wanted.limit())
                : Stream.empty(),
            wanted.by().stream());
    return "limit %d from (%d %% of %s − %s) / %s a connection, %d %% learned%s"
        .formatted(
            limit,
            policy.memory().targetUtilization(),
            Bytes.of(memory.getAsLong()),
            Bytes.of(book.base()),
            Bytes.of(book.cost()),
            Math.round(100 * book.trust()),
            apart.map(each -> ", " + each).collect(Collectors.joining()));
  }
}
