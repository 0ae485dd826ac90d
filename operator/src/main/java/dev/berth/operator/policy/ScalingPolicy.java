package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.operator.decide.Behavior;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.time.Duration;

/** The most change within a period. */
public record ScalingPolicy(
    @JsonPropertyDescription(
            "What value counts. Pods: pods. Percent: percent of the pods at the period's start.")
        @Required
        Unit type,
    @JsonPropertyDescription("Pods or percent. Above 0.") @Required @Min(1) @Max(1000000)
        Integer value,
    @JsonPropertyDescription("The period, in seconds, 1 to 1800.") @Required @Min(1) @Max(1800)
        Integer periodSeconds) {
  static final String LACKING =
      "a scaling policy lacks type, value or periodSeconds; it needs all three";

  public ScalingPolicy {
    if (Absent.is(type) || Absent.is(value) || Absent.is(periodSeconds)) {
      throw new IllegalArgumentException(LACKING);
    }
  }

  Behavior.Rate resolved() {
    return new Behavior.Rate(type.decided, value, Duration.ofSeconds(periodSeconds));
  }

  /** What a policy's value counts. */
  public enum Unit {
    @JsonProperty("Pods")
    PODS(Behavior.Unit.PODS),
    @JsonProperty("Percent")
    PERCENT(Behavior.Unit.PERCENT);

    private final Behavior.Unit decided;

    Unit(Behavior.Unit decided) {
      this.decided = decided;
    }
  }
}
