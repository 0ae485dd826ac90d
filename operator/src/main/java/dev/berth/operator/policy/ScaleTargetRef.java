package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** Names the workload that a policy governs. */
public record ScaleTargetRef(
    @JsonPropertyDescription("API group and version of the workload's kind.")
        @Default("apps/v1")
        @Pattern("^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?v[a-z0-9]+$")
        @Size(max = 317)
        String apiVersion,
    @JsonPropertyDescription("Kind of the workload, such as Deployment or StatefulSet.")
        @Required
        @Pattern("^[A-Z][A-Za-z0-9]*$")
        @Size(max = 63)
        String kind,
    @JsonPropertyDescription("Name of the workload.")
        @Required
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Size(max = 253)
        String name) {
  /** No workload: that of a policy outside a cluster, where processes take its place. */
  public static final ScaleTargetRef NONE = new ScaleTargetRef("", "", "");

  public ScaleTargetRef {
    apiVersion = Absent.or(apiVersion, "apps/v1");
    kind = Absent.or(kind, "");
    name = Absent.or(name, "");
  }

  /** The API group; empty for the core group. */
  public String group() {
    int slash = apiVersion.indexOf('/');
    return slash < 0 ? "" : apiVersion.substring(0, slash);
  }

  /** The API version without its group. */
  public String version() {
    return apiVersion.substring(apiVersion.indexOf('/') + 1);
  }

  /** Whether both name the same object; versions of one group are the same kind. */
  public boolean same(ScaleTargetRef other) {
    return group().equals(other.group()) && kind.equals(other.kind) && name.equals(other.name);
  }

  @Override
  public String toString() {
    return kind + " " + name;
  }
}
