package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.operator.decide.Behavior;
import io.fabric8.generator.annotation.Default;

/** How fast the number of pods may move, each way. */
public record ScalingBehavior(
    @JsonPropertyDescription(
            "Rules upward. By default: no window; the larger of 4 pods and 100 % each 15 seconds; tolerance 0.1.")
        @Default("{}")
        ScalingRules scaleUp,
    @JsonPropertyDescription(
            "Rules downward. By default: the highest recommendation of 300 seconds; 100 % each 15 seconds; tolerance 0.1.")
        @Default("{}")
        ScalingRules scaleDown) {
  static final ScalingBehavior DEFAULT =
      new ScalingBehavior(ScalingRules.DEFAULT, ScalingRules.DEFAULT);

  public ScalingBehavior {
    scaleUp = Absent.or(scaleUp, ScalingRules.DEFAULT);
    scaleDown = Absent.or(scaleDown, ScalingRules.DEFAULT);
  }

  Behavior resolved() {
    return new Behavior(
        scaleUp.resolved("spec.behavior.scaleUp", Behavior.DEFAULT_UP),
        scaleDown.resolved("spec.behavior.scaleDown", Behavior.DEFAULT_DOWN));
  }
}
