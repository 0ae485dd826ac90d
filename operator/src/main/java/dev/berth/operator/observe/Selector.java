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
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  private static final String NAME = "(?>[A-Za-z0-9](?:[\\w.-]*[A-Za-z0-9])?)";
  private static final Pattern TERM =
      Pattern.compile(
          """
          \\G \\s* (?: ! \\s* (?<absent>KEY)
          | (?<key>KEY) \\s* (?:
              (?<is>==?|!=) (?<value>VALUE)
            | (?<compared>[<>]) \\s* (?<bound>NUMBER)
            | (?<in>in|notin) \\s* \\( (?<values>VALUE (?:,VALUE)*) \\) )? )
          \\s* (?: , (?!\\s*\\z) | \\z )
          """
              .replace("KEY", "(?:" + NAME + "/)?+" + NAME)
              .replace("VALUE", "\\s*+" + NAME + "?+\\s*+")
              .replace("NUMBER", NUMBER.pattern()),
          Pattern.COMMENTS);

  Selector {
    requirements = List.copyOf(requirements);
  }

  /** What a label must be. */
  record Requirement(String key, Operator operator, Set<String> values) {
    Requirement {
      values = Set.copyOf(values);
    }

    boolean meets(Map<String, String> labels) {
      Optional<String> label = Optional.ofNullable(labels.get(key));
      return switch (operator) {
        case IN -> label.filter(values::contains).isPresent();
        case NOT_IN -> label.filter(values::contains).isEmpty();
        case EXISTS -> label.isPresent();
        case ABSENT -> label.isEmpty();
        case ABOVE -> label.filter(each -> compared(each) > 0).isPresent();
        case BELOW -> label.filter(each -> compared(each) < 0).isPresent();
      };
    }

    /** How a label compares with the value, as numbers; 0 if it is none. */
    private int compared(String label) {
      return NUMBER.matcher(label).matches()
          ? Long.compare(Long.parseLong(label), Long.parseLong(values.iterator().next()))
          : 0;
    }
  }

  /** How a requirement reads its values. */
  enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    ABSENT,
    /** A number above the value, which is one. */
    ABOVE,
    /** A number below it. */
    BELOW
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

  /**
   * Reads the text of a scale subresource: {@code app=chat,tier in (a,b),!canary,zone>2}. The
   * grammar is that of {@code labels.Parse} in k8s.io/apimachinery.
   */
  static Selector parse(String text) {
    var requirements = new ArrayList<Requirement>();
    Matcher term = TERM.matcher(text);
    int end = 0;
    while (term.find()) {
      end = term.end();
      requirements.add(requirement(term));
    }
    if (!text.substring(end).isBlank()) {
      throw new IllegalArgumentException("a label selector is \"" + text + "\"");
    }
    return new Selector(requirements);
  }

  private static Requirement requirement(Matcher term) {
    if (term.group("absent") != null) {
      return new Requirement(term.group("absent"), Operator.ABSENT, Set.of());
    }
    String key = term.group("key");
    if (term.group("is") != null) {
      return new Requirement(
          key,
          term.group("is").equals("!=") ? Operator.NOT_IN : Operator.IN,
          Set.of(term.group("value").strip()));
    }
    if (term.group("compared") != null) {
      return new Requirement(
          key,
          term.group("compared").equals(">") ? Operator.ABOVE : Operator.BELOW,
          Set.of(term.group("bound")));
    }
    if (term.group("in") != null) {
      return new Requirement(
          key,
          term.group("in").equals("in") ? Operator.IN : Operator.NOT_IN,
          Arrays.stream(term.group("values").split(",", -1))
              .map(String::strip)
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
