package dev.berth.operator.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;

/**
 * Writes a policy's status by a JSON patch, which costs the API server less than an apply: it keeps
 * no account of who owns which field. Safe for any number of threads.
 */
public final class StatusWrite {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApiWrites api;

  /** Writes with {@code api}. */
  public StatusWrite(ApiWrites api) {
    this.api = api;
  }

  /**
   * Writes the whole status. A policy that is gone meanwhile is passed over.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException if the API server can't be
   *     asked, or refuses, as it does where another policy has come to the name
   */
  public void write(ConnectionPolicy policy, ConnectionPolicyStatus status) {
    var _ =
        api.sendSteps(
            "apis/%s/namespaces/%s/connectionpolicies/%s/status"
                .formatted(
                    policy.getApiVersion(),
                    policy.getMetadata().getNamespace(),
                    policy.getMetadata().getName()),
            patch(policy.getMetadata().getUid(), status));
  }

  /**
   * The patch that leaves exactly this status, of the policy with this uid alone. A merge patch
   * can't say of whom: with a status, the API server heeds no metadata.
   */
  static JsonNode patch(String uid, ConnectionPolicyStatus status) {
    ArrayNode steps = JsonNodeFactory.instance.arrayNode();
    steps.addObject().put("op", "test").put("path", "/metadata/uid").put("value", uid);
    steps
        .addObject()
        .put("op", "add")
        .put("path", "/status")
        .set("value", JSON.valueToTree(status));
    return steps;
  }
}
