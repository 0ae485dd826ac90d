package dev.berth.operator.observe;

import io.fabric8.kubernetes.api.model.LabelSelector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which labels a workload's pods have. A selector without requirements selects every pod.
 *
 * @param requirements all of which labels must meet
 */
record Selector(List<Requirement> requirements) {
  private static final Set<String> OF_A_TEMPLATE_OR_A_POD =
      Set.of(
          "pod-template-hash",
          "controller-revision-hash",
          "statefulset.kubernetes.io/pod-name",
          "apps.kubernetes.io/pod-index");
  private static final Pattern TERM =
      Pattern.compile(
          "(?<absent>!)?(?<key>[^\\s!=,()]+)"
              + "(\\s*(?<is>==?|!=)\\s*(?<value>[^\\s,()]*)"
              + "|\\s+(?<in>in|notin)\\s*\\((?<values>[^()]*)\\))?");

  Selector {
    requirements = List.copyOf(requirements);
  }

  /** What a label must be. */
  record Requirement(String key, Operator operator, Set<String> values) {
    Requirement {
      values = Set.copyOf(values);
    }

    boolean meets(Map<String, String> labels) {
      boolean present = labels.containsKey(key);
      boolean among = present && values.contains(labels.get(key));
      return switch (operator) {
        case IN -> among;
        case NOT_IN -> !among;
        case EXISTS -> present;
        case ABSENT -> !present;
      };
    }
  }

  /** How a requirement reads its values. */
  enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    ABSENT
  }

  static Selector of(LabelSelector selector) {
    var requirements = new ArrayList<Requirement>();
    Optional.ofNullable(selector.getMatchLabels())
        .orElse(Map.of())
        .forEach(
            (key, value) -> requirements.add(new Requirement(key, Operator.IN, Set.of(value))));
    for (var each : Optional.ofNullable(selector.getMatchExpressions()).orElse(List.of())) {
      Operator operator =
          switch (each.getOperator()) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.ABSENT;
            default ->
                throw new IllegalArgumentException(
                    "a label selector's operator is " + each.getOperator());
          };
      requirements.add(new Requirement(each.getKey(), operator, Set.copyOf(each.getValues())));
    }
    return new Selector(requirements);
  }

  /** Reads the text of a scale subresource: {@code app=chat,tier in (a,b),!canary}. */
  static Selector parse(String text) {
    var requirements = new ArrayList<Requirement>();
    Matcher term = TERM.matcher(text);
    int end = 0;
    while (term.find()) {
      if (!text.substring(end, term.start()).matches(end == 0 ? "\\s*" : "\\s*,\\s*")) {
        throw new IllegalArgumentException("a label selector is \"" + text + "\"");
      }
      end = term.end();
      requirements.add(requirement(term));
    }
    if (!text.substring(end).isBlank()) {
      throw new IllegalArgumentException("a label selector is \"" + text + "\"");
    }
    return new Selector(requirements);
  }

  private static Requirement requirement(Matcher term) {
    String key = term.group("key");
    if (term.group("absent") != null) {
      return new Requirement(key, Operator.ABSENT, Set.of());
    }
    if (term.group("is") != null) {
      return new Requirement(
          key,
          term.group("is").equals("!=") ? Operator.NOT_IN : Operator.IN,
          Set.of(term.group("value")));
    }
    if (term.group("in") != null) {
      return new Requirement(
          key,
          term.group("in").equals("in") ? Operator.IN : Operator.NOT_IN,
          Arrays.stream(term.group("values").strip().split("\\s*,\\s*"))
              .collect(Collectors.toUnmodifiableSet()));
    }
    return new Requirement(key, Operator.EXISTS, Set.of());
  }

  boolean matches(Map<String, String> labels) {
    return requirements.stream().allMatch(each -> each.meets(labels));
  }

  /** Whether pods of a workload have a label in common, and of one template with others. */
  static boolean common(String label) {
    return !OF_A_TEMPLATE_OR_A_POD.contains(label);
  }

  /** A label, as {@code key=value}, that every pod selected has; absent where none need be. */
  Optional<String> label() {
    return requirements.stream()
        .filter(each -> each.operator() == Operator.IN && each.values().size() == 1)
        .filter(each -> common(each.key()))
        .map(each -> each.key() + "=" + each.values().iterator().next())
        .findFirst();
  }
}
