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
 * @param failure the first, with the others suppressed; absent if there was none
 */
public record Carried(
    Actions done, boolean overtaken, Optional<KubernetesClientException> failure) {

  /** Whether that is all of the decision. */
  public boolean whole() {
    return !overtaken && failure.isEmpty();
  }

  /** Whether the number of pods changed. */
  public boolean scaled() {
    return !(done.scale() instanceof Scale.Keep);
  }
}
