package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.operator.decide.Policy;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.ValidationRule;

/** The bounds of one pod's connection limit, and the use of it that replicas are sized for. */
@ValidationRule(
    value = "self.minLimit <= self.maxLimit",
    message = "connections.minLimit must not exceed connections.maxLimit (50000 by default)",
    fieldPath = ".minLimit")
@ValidationRule(
    value = "self.targetUtilization <= self.panicUtilization",
    message =
        "connections.targetUtilization must not exceed connections.panicUtilization (90 by default)",
    fieldPath = ".targetUtilization")
public record Connections(
    @JsonPropertyDescription(
            "The lowest limit of one pod, in connections, however little memory it has.")
        @Default("50")
        @Min(1)
        @Max(100000000)
        Integer minLimit,
    @JsonPropertyDescription(
            "The highest limit of one pod, in connections; the limit itself where the container has no memory limit.")
        @Default("50000")
        @Min(1)
        @Max(100000000)
        Integer maxLimit,
    @JsonPropertyDescription("Percent of the pods' limits that replicas are sized for.")
        @Default("70")
        @Min(1)
        @Max(100)
        Integer targetUtilization,
    @JsonPropertyDescription(
            "Percent of the pods' limits at which replicas are added without waiting, as they are on any refused connection.")
        @Default("90")
        @Min(1)
        @Max(100)
        Integer panicUtilization,
    @JsonPropertyDescription(
            "How many times the mean of all pods one pod may hold before it sheds idle connections, so that they land on the others; 1.1 to 1000. A large figure turns it off.")
        @Default("2.0")
        @Min(1.1)
        @Max(1000)
        Double maxSkew,
    @JsonPropertyDescription(
            "What a pod does that is full while others have room. LeaveRotation: it isn't ready meanwhile, so that new connections go to the others; only pods of a Deployment or ReplicaSet do so, and none during a rollout. StayInRotation: it refuses its part of the new connections; for load balancers that cut the connections of a pod that isn't ready.")
        @Default("LeaveRotation")
        WhenFull whenFull) {
  static final Connections DEFAULT =
      new Connections(50, 50_000, 70, 90, 2.0, WhenFull.LEAVE_ROTATION);

  public Connections {
    minLimit = Absent.or(minLimit, 50);
    maxLimit = Absent.or(maxLimit, 50_000);
    targetUtilization = Absent.or(targetUtilization, 70);
    panicUtilization = Absent.or(panicUtilization, 90);
    maxSkew = Absent.or(maxSkew, 2.0);
    whenFull = Absent.or(whenFull, WhenFull.LEAVE_ROTATION);
  }

  Policy.Connections resolved() {
    return new Policy.Connections(
        minLimit, maxLimit, targetUtilization, panicUtilization, maxSkew, whenFull.decided());
  }

  /** What a pod does that is full while others have room. */
  public enum WhenFull {
    @JsonProperty("LeaveRotation")
    LEAVE_ROTATION(Policy.Connections.WhenFull.LEAVE_ROTATION),
    @JsonProperty("StayInRotation")
    STAY_IN_ROTATION(Policy.Connections.WhenFull.STAY_IN_ROTATION);

    private final Policy.Connections.WhenFull decided;

    WhenFull(Policy.Connections.WhenFull decided) {
      this.decided = decided;
    }

    Policy.Connections.WhenFull decided() {
      return decided;
    }
  }
}
