package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;

/** How a pod that is to go is emptied first. */
public record Drain(
    @JsonPropertyDescription(
            "Seconds that a pod chosen for removal has to finish its connections; then it is removed all the same.")
        @Default("300")
        @Min(0)
        @Max(86400)
        Integer timeoutSeconds) {
  static final Drain DEFAULT = new Drain(300);

  public Drain {
    timeoutSeconds = Absent.or(timeoutSeconds, 300);
  }
}
