package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.operator.decide.Policy;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How much of a container's memory connections may use. */
@ValidationRule(
    value = "self.targetUtilization < self.pressureUtilization",
    message = "memory.targetUtilization must be below memory.pressureUtilization (90 by default)",
    fieldPath = ".targetUtilization")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Memory(
    @JsonPropertyDescription("Percent of the container's memory limit that a full pod may use.")
        @Default("75")
        @Min(1)
        @Max(100)
        Integer targetUtilization,
    @JsonPropertyDescription(
            "Percent of the container's memory limit at which the pod's connection limit is cut at once.")
        @Default("90")
        @Min(1)
        @Max(100)
        Integer pressureUtilization,
    @JsonPropertyDescription(
            "The container whose memory limit and use count. By default the only one, or the one with the metrics port.")
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Size(max = 63)
        @Nullable String container,
    @JsonPropertyDescription(
            "Where memory in use is read. Pod: the pod's own metrics. Metrics: metrics.k8s.io, for a server that publishes no memory.")
        @Default("Pod")
        Source source) {
  static final Memory DEFAULT = new Memory(75, 90, null, Source.POD);

  public Memory {
    targetUtilization = Absent.or(targetUtilization, 75);
    pressureUtilization = Absent.or(pressureUtilization, 90);
    source = Absent.or(source, Source.POD);
  }

  /** The container that the user named. */
  public Optional<String> named() {
    return Optional.ofNullable(container);
  }

  Policy.Memory resolved() {
    return new Policy.Memory(targetUtilization, pressureUtilization);
  }

  /** Where memory in use is read. */
  public enum Source {
    /** The pod's own metrics. */
    @JsonProperty("Pod")
    POD,
    /** metrics.k8s.io. */
    @JsonProperty("Metrics")
    METRICS
  }
}
