package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What happens while pods can't be observed. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Fallback(
    @JsonPropertyDescription(
            "Observations missed in a row, of every pod, before the fallback applies.")
        @Default("3")
        @Min(1)
        @Max(1000000)
        Integer failureThreshold,
    @JsonPropertyDescription(
            "Pods to have at least while none can be observed. By default everything is held as it is.")
        @Min(1)
        @Max(1000000)
        @Nullable Integer replicas) {
  static final Fallback DEFAULT = new Fallback(3, null);

  public Fallback {
    failureThreshold = Absent.or(failureThreshold, 3);
  }

  Optional<Integer> whileBlind() {
    return Optional.ofNullable(replicas);
  }
}
