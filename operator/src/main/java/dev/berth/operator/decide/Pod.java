package dev.berth.operator.decide;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * One pod, as seen from outside and, where it could be asked, from inside.
 *
 * @param name unique within the workload
 * @param template what the pod was made from; pods of one template cost the same for a connection
 * @param ready whether new connections are sent to it, as its probe last found
 * @param marks what earlier decisions wrote on it
 * @param memoryLimit its container's memory limit in bytes; absent without one
 * @param outOfMemory when its container was last killed for memory
 * @param state what is known of its inside
 */
public record Pod(
    String name,
    String template,
    boolean ready,
    Marks marks,
    OptionalLong memoryLimit,
    Optional<Instant> outOfMemory,
    State state) {

  /** A pod without a probe: ready as long as it answers and doesn't drain. */
  public Pod(
      String name,
      String template,
      Marks marks,
      OptionalLong memoryLimit,
      Optional<Instant> outOfMemory,
      State state) {
    this(
        name,
        template,
        state instanceof Observed seen && !seen.draining(),
        marks,
        memoryLimit,
        outOfMemory,
        state);
  }

  Optional<Observed> observed() {
    return state instanceof Observed seen ? Optional.of(seen) : Optional.empty();
  }

  /** Open connections, 0 where that is not known. */
  int active() {
    return observed().map(Observed::active).orElse(0);
  }

  /** The limit in force in it; absent where that is not known. */
  OptionalInt enforced() {
    return observed().map(Observed::limit).orElse(OptionalInt.empty());
  }

  /** Whether it may hold connections, as far as is known. */
  Occupancy occupancy() {
    return switch (state) {
      case Observed ignored -> Occupancy.OCCUPIED;
      case Starting(Occupancy occupancy) -> occupancy;
      case Missing(String ignored, Occupancy occupancy) -> occupancy;
    };
  }

  /** Whether anything runs in it, as far as is known. */
  boolean running() {
    return occupancy() != Occupancy.NOT_RUNNING;
  }

  /** Whether it didn't answer though it runs, and is ready or was told to drain. */
  public boolean silent() {
    return state instanceof Missing && running() && (ready || marks.draining());
  }

  /** Clients in its queue, 0 where that is not known. */
  int waiting() {
    return observed().map(Observed::waiting).orElse(0);
  }

  /** Whether a pod may hold connections; those that hold none for certain come first. */
  public enum Occupancy {
    /** Nothing runs in it. */
    NOT_RUNNING,
    /** It holds none, though it runs: it says so and isn't ready, or it never was. */
    EMPTY,
    /** It may. */
    OCCUPIED
  }

  /** What is known of a pod's inside. */
  public sealed interface State permits Observed, Starting, Missing {}

  /**
   * The pod answered.
   *
   * @param active open connections
   * @param idle those of them that wait for a request: they can go without anything being broken
   * @param waiting clients that wait for a permit, and hold none
   * @param limit the limit in force; absent where it doesn't tell
   * @param draining whether it says that it drains
   * @param rejected connections refused for want of a permit, since its start
   * @param workingSet bytes
   * @param live bytes that its process needs now; absent where it doesn't tell
   * @param code those of them that connections don't move: classes and compiled code
   */
  public record Observed(
      int active,
      int idle,
      int waiting,
      OptionalInt limit,
      boolean draining,
      double rejected,
      long workingSet,
      OptionalLong live,
      long code)
      implements State {
    public Observed {
      Check.that(
          idle >= 0 && idle <= active,
          "%d of %d connections are idle; it must be 0 to all of them",
          idle,
          active);
    }

    /** A pod that tells neither which of its connections are idle nor who waits: all are busy. */
    public Observed(
        int active,
        int limit,
        boolean draining,
        double rejected,
        long workingSet,
        OptionalLong live) {
      this(active, 0, 0, OptionalInt.of(limit), draining, rejected, workingSet, live, 0);
    }

    /** Bytes to learn a connection's cost from: live memory without code, or the working set. */
    long moved() {
      return live.isPresent() ? Math.max(0, live.getAsLong() - code) : workingSet;
    }

    /** Connections that would be broken if they ended now. */
    int busy() {
      return active - idle;
    }
  }

  /** The pod is not ready, and holds no connection that it told of: capacity on its way. */
  public record Starting(Occupancy occupancy) implements State {}

  /** The pod should have answered and didn't. Never read as an empty one while it may not be. */
  public record Missing(String why, Occupancy occupancy) implements State {
    /** One that may hold connections. */
    public Missing(String why) {
      this(why, Occupancy.OCCUPIED);
    }
  }

  /**
   * What earlier decisions wrote on the pod.
   *
   * @param limit the limit annotated
   * @param generation the policy generation annotated, 0 if none
   * @param drain whether it was told to drain, and by whom
   * @param mayLeave whether it may leave its Service's rotation while it is full
   */
  public record Marks(OptionalInt limit, long generation, Drain drain, boolean mayLeave) {
    /** Nothing written yet. */
    public static final Marks NONE = new Marks(OptionalInt.empty(), 0, Optional.empty());

    /** A pod that no hand drains. */
    public Marks(
        OptionalInt limit, long generation, Optional<Instant> drainingSince, boolean mayLeave) {
      this(
          limit,
          generation,
          drainingSince
              .<Drain>map(since -> new Drain.ByOperator(since, false))
              .orElseGet(Drain.None::new),
          mayLeave);
    }

    /** A pod that no hand drains, and that stays in rotation whether it is full or not. */
    public Marks(OptionalInt limit, long generation, Optional<Instant> drainingSince) {
      this(limit, generation, drainingSince, false);
    }

    /** Whether it was told to drain, by whomever. */
    public boolean draining() {
      return !(drain instanceof Drain.None);
    }

    /** Whether a person told it to drain: it serves nobody, and is that person's to end. */
    boolean drainedByHand() {
      return drain instanceof Drain.ByHand;
    }

    /** Since when the operator has it drain; absent if it doesn't. */
    public Optional<Instant> drainingSince() {
      return drain instanceof Drain.ByOperator own ? Optional.of(own.since()) : Optional.empty();
    }

    /** Whether the operator has chosen it to be the first to go when the scale falls. */
    boolean chosen() {
      return drain instanceof Drain.ByOperator own && own.chosen();
    }

    /** These marks with another limit. */
    public Marks limited(int otherLimit, long otherGeneration) {
      return new Marks(OptionalInt.of(otherLimit), otherGeneration, drain, mayLeave);
    }

    /** These marks with another drain, or none. */
    public Marks drained(Optional<Instant> since) {
      return new Marks(limit, generation, since, mayLeave);
    }

    /** These marks with another say in rotation. */
    public Marks leaving(boolean may) {
      return new Marks(limit, generation, drain, may);
    }
  }

  /** What a pod was told of draining. */
  public sealed interface Drain permits Drain.None, Drain.ByHand, Drain.ByOperator {
    /** Nothing. */
    record None() implements Drain {}

    /** A person has it drain. */
    record ByHand() implements Drain {}

    /**
     * The operator has it drain, to remove it.
     *
     * @param chosen whether it is marked as the first to go, just before the scale is lowered
     */
    record ByOperator(Instant since, boolean chosen) implements Drain {}
  }
}
