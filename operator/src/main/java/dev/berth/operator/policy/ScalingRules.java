package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.operator.decide.Behavior;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.kubernetes.api.model.AnyType;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one direction. A field left out takes the default of its direction, which is why the
 * schema, that knows no direction, has none for those.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScalingRules(
    @JsonPropertyDescription(
            "Seconds of earlier recommendations of which the most cautious counts, 0 to 3600. By default 0 upward, 300 downward.")
        @Min(0)
        @Max(3600)
        @Nullable Integer stabilizationWindowSeconds,
    @JsonPropertyDescription(
            "Which of several policies counts. Max: the one that allows the largest change. Min: the smallest. Disabled: no change in this direction.")
        @Default("Max")
        Select selectPolicy,
    @JsonPropertyDescription(
            "How much may change within a period. By default 4 pods or 100 % each 15 seconds upward, 100 % each 15 seconds downward.")
        @Nullable List<ScalingPolicy> policies,
    @JsonPropertyDescription(
            "The part by which use may differ from its target without a change, as a quantity from 0 to below 1. By default 0.1, 10 %.")
        @SchemaFrom(type = AnyType.class)
        @Nullable Tolerance tolerance) {
  static final ScalingRules DEFAULT = new ScalingRules(null, Select.MAX, null, null);

  public ScalingRules {
    selectPolicy = Absent.or(selectPolicy, Select.MAX);
    if (policies != null && policies.stream().anyMatch(Absent::is)) {
      throw new IllegalArgumentException(ScalingPolicy.LACKING);
    }
    policies = policies == null ? null : List.copyOf(policies);
  }

  Behavior.Rules resolved(String field, Behavior.Rules defaults) {
    try {
      return new Behavior.Rules(
          stabilizationWindowSeconds == null
              ? defaults.stabilization()
              : Duration.ofSeconds(stabilizationWindowSeconds),
          selectPolicy.decided,
          policies == null || policies.isEmpty()
              ? defaults.rates()
              : policies.stream().map(ScalingPolicy::resolved).toList(),
          tolerance == null ? defaults.tolerance() : tolerance.part());
    } catch (IllegalArgumentException refused) {
      throw new IllegalArgumentException(field + ": " + refused.getMessage(), refused);
    }
  }

  /** Which of several policies counts. */
  public enum Select {
    @JsonProperty("Max")
    MAX(Behavior.Select.MAX),
    @JsonProperty("Min")
    MIN(Behavior.Select.MIN),
    @JsonProperty("Disabled")
    DISABLED(Behavior.Select.DISABLED);

    private final Behavior.Select decided;

    Select(Behavior.Select decided) {
      this.decided = decided;
    }
  }
}
