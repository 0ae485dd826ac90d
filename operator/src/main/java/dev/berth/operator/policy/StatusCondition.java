package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/** One side of the state, in the shape of every Kubernetes condition. */
public record StatusCondition(
    @JsonPropertyDescription("Which side of the state.") @Required String type,
    @JsonPropertyDescription("True, False or Unknown.") @Required String status,
    @JsonPropertyDescription("One word in CamelCase.") @Required String reason,
    @JsonPropertyDescription("A sentence for people.") @Required String message,
    @JsonPropertyDescription("When status last changed, RFC 3339.") @Required
        String lastTransitionTime,
    @JsonPropertyDescription("The generation of the spec that it tells of.") @Required
        Long observedGeneration) {}
