package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.berth.operator.decide.Policy;
import io.fabric8.generator.annotation.Default;

/** How much of a decision is carried out. */
public record UpdatePolicy(
    @JsonPropertyDescription(
            "\"Off\" (in quotes, since YAML reads a bare Off as false): only recommend, in status. LimitsOnly: set pods' limits, leave the number of pods alone. Auto: both.")
        @Default("Auto")
        Mode updateMode) {
  static final UpdatePolicy DEFAULT = new UpdatePolicy(Mode.AUTO);

  public UpdatePolicy {
    updateMode = Absent.or(updateMode, Mode.AUTO);
  }

  /** How much of a decision is carried out. */
  public enum Mode {
    @JsonProperty("Off")
    OFF(Policy.UpdateMode.OFF),
    @JsonProperty("LimitsOnly")
    LIMITS_ONLY(Policy.UpdateMode.LIMITS_ONLY),
    @JsonProperty("Auto")
    AUTO(Policy.UpdateMode.AUTO);

    private final Policy.UpdateMode decided;

    Mode(Policy.UpdateMode decided) {
      this.decided = decided;
    }

    Policy.UpdateMode decided() {
      return decided;
    }
  }
}
