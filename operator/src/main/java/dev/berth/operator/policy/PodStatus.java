package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/** One pod's line. Absent figures are null, as they are on the wire. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PodStatus(
    @JsonPropertyDescription("Name of the pod.") String name,
    @JsonPropertyDescription(
            "Serving; Starting: not ready yet; Draining: being emptied; Missing: it should answer and doesn't.")
        Phase phase,
    @JsonPropertyDescription("Open connections.") @Nullable Integer active,
    @JsonPropertyDescription("Connection limit decided.") @Nullable Integer limit,
    @JsonPropertyDescription("Connection limit in force in the pod.")
        @Nullable Integer appliedLimit,
    @JsonPropertyDescription("Working set in bytes.") @Nullable Long memoryBytes,
    @JsonPropertyDescription("Memory limit of the container in bytes.")
        @Nullable Long memoryLimitBytes) {

  /** Where a pod is in its life. */
  public enum Phase {
    @JsonProperty("Serving")
    SERVING,
    @JsonProperty("Starting")
    STARTING,
    @JsonProperty("Draining")
    DRAINING,
    @JsonProperty("Missing")
    MISSING
  }
}
