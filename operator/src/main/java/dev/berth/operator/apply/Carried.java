package dev.berth.operator.apply;

import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Scale;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/**
 * What was carried out of a decision.
 *
 * @param done of its actions those that the API server took
 * @param overtaken whether somebody else changed pods or replicas meanwhile, so that these stay
 *     until it is decided anew
 * @param refusals what the API server refused, and when that is tried again
 * @param failure why something of it isn't written; absent if all is
 */
public record Carried(
    Actions done,
    boolean overtaken,
    Refusals refusals,
    Optional<KubernetesClientException> failure) {

  /** Whether that is all of the decision. */
  public boolean whole() {
    return !overtaken && failure.isEmpty();
  }

  /** Whether the number of pods changed. */
  public boolean scaled() {
    return !(done.scale() instanceof Scale.Keep);
  }
}
