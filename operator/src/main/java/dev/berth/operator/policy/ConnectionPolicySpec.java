package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.operator.decide.Policy;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.Optional;

/**
 * What the user wants. Fields left out have their defaults here, as the API server fills them in.
 */
@ValidationRule(
    value = "self.minReplicas <= self.maxReplicas",
    message = "spec.minReplicas must not exceed spec.maxReplicas (10 by default)",
    fieldPath = ".minReplicas")
@ValidationRule(
    value =
        "!has(self.fallback.replicas) || self.fallback.replicas >= self.minReplicas &&"
            + " self.fallback.replicas <= self.maxReplicas",
    message = "spec.fallback.replicas must be between spec.minReplicas and spec.maxReplicas",
    fieldPath = ".fallback.replicas")
public record ConnectionPolicySpec(
    @JsonPropertyDescription(
            "The workload whose pods are governed: any kind with a scale subresource, in the policy's namespace.")
        @Required
        ScaleTargetRef scaleTargetRef,
    @JsonPropertyDescription(
            "The fewest pods. At least 1: a workload without pods takes no connection that could wake it.")
        @Default("1")
        @Min(1)
        @Max(1000000)
        Integer minReplicas,
    @JsonPropertyDescription("The most pods. At least minReplicas.")
        @Default("10")
        @Min(1)
        @Max(1000000)
        Integer maxReplicas,
    @JsonPropertyDescription("How much of a decision is carried out.") @Default("{}")
        UpdatePolicy updatePolicy,
    @JsonPropertyDescription(
            "The bounds of one pod's connection limit, and the use of it that replicas are sized for.")
        @Default("{}")
        Connections connections,
    @JsonPropertyDescription("How much of a container's memory connections may use.") @Default("{}")
        Memory memory,
    @JsonPropertyDescription("Where each pod publishes its metrics.") @Default("{}")
        Metrics metrics,
    @JsonPropertyDescription(
            "How fast the number of pods may move, each way: the fields and defaults of a HorizontalPodAutoscaler's behavior (autoscaling/v2).")
        @Default("{}")
        ScalingBehavior behavior,
    @JsonPropertyDescription("How a pod that is to go is emptied first.") @Default("{}")
        Drain drain,
    @JsonPropertyDescription("What happens while pods can't be observed.") @Default("{}")
        Fallback fallback) {

  public ConnectionPolicySpec {
    scaleTargetRef = Absent.or(scaleTargetRef, ScaleTargetRef.NONE);
    minReplicas = Absent.or(minReplicas, 1);
    maxReplicas = Absent.or(maxReplicas, 10);
    updatePolicy = Absent.or(updatePolicy, UpdatePolicy.DEFAULT);
    connections = Absent.or(connections, Connections.DEFAULT);
    memory = Absent.or(memory, Memory.DEFAULT);
    metrics = Absent.or(metrics, Metrics.DEFAULT);
    behavior = Absent.or(behavior, ScalingBehavior.DEFAULT);
    drain = Absent.or(drain, Drain.DEFAULT);
    fallback = Absent.or(fallback, Fallback.DEFAULT);
  }

  /**
   * The policy in the terms of a decision.
   *
   * @param generation the generation of the resource this stands in, 0 outside a cluster
   * @throws IllegalArgumentException with a sentence that names the field, its value and what would
   *     be right
   */
  public Policy resolved(long generation) {
    metrics.check();
    Optional<Integer> without = fallback.whileBlind();
    if (without.isPresent() && (without.get() < minReplicas || without.get() > maxReplicas)) {
      throw new IllegalArgumentException(
          "spec.fallback.replicas is %d; it must be between minReplicas, %d, and maxReplicas, %d"
              .formatted(without.get(), minReplicas, maxReplicas));
    }
    return new Policy(
        generation,
        minReplicas,
        maxReplicas,
        updatePolicy.updateMode().decided(),
        connections.resolved(),
        memory.resolved(),
        behavior.resolved(),
        Duration.ofSeconds(drain.timeoutSeconds()),
        new Policy.Fallback(fallback.failureThreshold(), without));
  }
}
