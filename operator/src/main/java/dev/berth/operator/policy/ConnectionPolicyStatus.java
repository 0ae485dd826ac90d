package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What was last seen and decided. Absent fields are null here, as they are on the wire. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ConnectionPolicyStatus(
    @JsonPropertyDescription("The generation of the spec that this was decided from.")
        @Nullable Long observedGeneration,
    @JsonPropertyDescription("Pods that the workload is told to have.")
        @Nullable Integer currentReplicas,
    @JsonPropertyDescription("Pods that it should have.") @Nullable Integer desiredReplicas,
    @JsonPropertyDescription(
            "Connection limit of a pod, as last decided; a pod that recovers from pressure has its own, lower one.")
        @Nullable Integer connectionLimit,
    @JsonPropertyDescription("Open connections of all pods.") @Nullable Integer activeConnections,
    @JsonPropertyDescription("Connections refused per second for want of a permit, of all pods.")
        @Nullable Integer rejectedPerSecond,
    @JsonPropertyDescription("Open connections in percent of the serving pods' limits.")
        @Nullable Integer saturation,
    @JsonPropertyDescription(
            "Bytes of memory that a connection costs, as learned; the upper side of the estimate.")
        @Nullable Long bytesPerConnection,
    @JsonPropertyDescription("When the number of pods was last changed, RFC 3339.")
        @Nullable String lastScaleTime,
    @JsonPropertyDescription("The last decision, in words with its figures.")
        @Nullable String reason,
    @JsonPropertyDescription("The pods, at most 50, those that matter most first.")
        @Nullable List<PodStatus> pods,
    @JsonPropertyDescription(
            "The state by type: Ready, MetricsAvailable, AbleToScale, ScalingLimited, Pressure, Conflict.")
        @Nullable List<StatusCondition> conditions) {
  /** Nothing seen yet. */
  public static final ConnectionPolicyStatus NONE =
      new ConnectionPolicyStatus(
          null, null, null, null, null, null, null, null, null, null, null, null);

  /** The limit last decided, if any. */
  public OptionalInt limit() {
    return connectionLimit == null ? OptionalInt.empty() : OptionalInt.of(connectionLimit);
  }

  /** All but the pods. */
  public ConnectionPolicyStatus withoutPods() {
    return withPods(null);
  }

  /** The same with other pods. */
  public ConnectionPolicyStatus withPods(@Nullable List<PodStatus> others) {
    return new ConnectionPolicyStatus(
        observedGeneration,
        currentReplicas,
        desiredReplicas,
        connectionLimit,
        activeConnections,
        rejectedPerSecond,
        saturation,
        bytesPerConnection,
        lastScaleTime,
        reason,
        others,
        conditions);
  }

  /** The learned cost of a connection in bytes, 0 while there is none. */
  public long cost() {
    return bytesPerConnection == null ? 0 : bytesPerConnection;
  }

  /** The condition of a type, if it was ever told. */
  public Optional<StatusCondition> condition(String type) {
    return conditions == null
        ? Optional.empty()
        : conditions.stream().filter(each -> each.type().equals(type)).findFirst();
  }
}
