package dev.berth.operator.policy;

import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.DATE;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.INTEGER;
import static io.fabric8.crd.generator.annotation.AdditionalPrinterColumn.Type.STRING;

import dev.berth.operator.decide.Policy;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Singular;
import io.fabric8.kubernetes.model.annotation.Version;
import java.util.Optional;

/**
 * How many connections a pod of one workload may take, and how many pods it has: what the user
 * wants, and what was last decided.
 */
@Group(ConnectionPolicy.GROUP)
@Version("v1alpha1")
@Kind("ConnectionPolicy")
@Singular("connectionpolicy")
@Plural("connectionpolicies")
@ShortNames("cpol")
@AdditionalPrinterColumn(name = "Target", jsonPath = ".spec.scaleTargetRef.name", type = STRING)
@AdditionalPrinterColumn(name = "Mode", jsonPath = ".spec.updatePolicy.updateMode", type = STRING)
@AdditionalPrinterColumn(name = "Replicas", jsonPath = ".status.currentReplicas", type = INTEGER)
@AdditionalPrinterColumn(name = "Desired", jsonPath = ".status.desiredReplicas", type = INTEGER)
@AdditionalPrinterColumn(name = "Active", jsonPath = ".status.activeConnections", type = INTEGER)
@AdditionalPrinterColumn(name = "Limit", jsonPath = ".status.connectionLimit", type = INTEGER)
@AdditionalPrinterColumn(name = "Saturation", jsonPath = ".status.saturation", type = INTEGER)
@AdditionalPrinterColumn(
    name = "Ready",
    jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
    type = STRING)
@AdditionalPrinterColumn(
    name = "Bytes/Conn",
    jsonPath = ".status.bytesPerConnection",
    type = INTEGER,
    priority = 1)
@AdditionalPrinterColumn(name = "Reason", jsonPath = ".status.reason", type = STRING, priority = 1)
@AdditionalPrinterColumn(name = "Age", jsonPath = ".metadata.creationTimestamp", type = DATE)
public final class ConnectionPolicy
    extends CustomResource<ConnectionPolicySpec, ConnectionPolicyStatus> implements Namespaced {
  /** The API group, and the prefix of the annotations that belong to it. */
  public static final String GROUP = "berth.dev";

  private Optional<String> unreadable = Optional.empty();

  /** Takes note of why its spec can't be read as a whole, before anybody else has the policy. */
  void unreadable(String why) {
    unreadable = Optional.of(why);
  }

  /**
   * The policy in the terms of a decision.
   *
   * @throws IllegalArgumentException with a sentence that names the field, its value and what would
   *     be right
   */
  public Policy resolved() {
    if (unreadable.isPresent()) {
      throw new IllegalArgumentException(unreadable.get());
    }
    return getSpec().resolved(getMetadata().getGeneration());
  }
}
