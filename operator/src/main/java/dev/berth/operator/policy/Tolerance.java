package dev.berth.operator.policy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A part of 1 as the user wrote it: a Kubernetes quantity, which YAML reads as a number ({@code
 * 0.05}) or as text ({@code 50m}, {@code "0.05"}). Any document is taken, so that one that can't be
 * used is told in the policy's status rather than lost while it is read.
 */
public record Tolerance(@JsonValue JsonNode written) {
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public Tolerance {}

  /** The part, 0 to below 1. */
  double part() {
    String text = written.asText();
    if (written.isNumber() || text.matches("0(\\.\\d{1,9})?")) {
      return written.isNumber() ? written.doubleValue() : Double.parseDouble(text);
    }
    if (text.matches("\\d{1,3}m")) {
      return Integer.parseInt(text.substring(0, text.length() - 1)) / 1000.0;
    }
    throw new IllegalArgumentException(
        "tolerance is %s; it must be a quantity from 0 to below 1, such as 0.05 or 50m"
            .formatted(written));
  }
}
