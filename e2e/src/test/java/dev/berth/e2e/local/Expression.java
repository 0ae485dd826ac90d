package dev.berth.e2e.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.berth.e2e.cluster.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An expression that people see the result of.
 *
 * @param where the panel or the alert
 * @param text in PromQL, ready to be asked
 */
record Expression(String where, String text) {

  /** Those of all dashboards, each variable as it stands when nobody has chosen anything. */
  static List<Expression> ofDashboards() throws IOException {
    var found = new ArrayList<Expression>();
    for (Path file : files("deploy/dashboards", ".json")) {
      JsonNode dashboard = new ObjectMapper().readTree(file.toFile());
      for (JsonNode panel : dashboard.findParents("targets")) {
        for (JsonNode target : panel.get("targets")) {
          String text = target.get("expr").asText();
          for (JsonNode variable : dashboard.path("templating").path("list")) {
            text = text.replace("$" + variable.get("name").asText(), chosen(variable));
          }
          text = text.replace("$__rate_interval", "10s");
          found.add(new Expression(panel.path("title").asText(), text));
        }
      }
    }
    return found;
  }

  /**
   * Those of all alerts, without the comparison at their end: what is left is the figure watched.
   */
  static List<Expression> ofAlerts() throws IOException {
    var found = new ArrayList<Expression>();
    for (Path file : files("deploy/prometheus", ".yaml")) {
      JsonNode rules = new ObjectMapper(new YAMLFactory()).readTree(file.toFile());
      for (JsonNode rule : rules.findParents("expr")) {
        String text = rule.get("expr").asText().strip();
        found.add(
            new Expression(
                rule.path("alert").asText(),
                text.replaceFirst("\\s*(>|<|>=|<=|==|!=)\\s*[-+.\\deE]+$", "")));
      }
    }
    return found;
  }

  @Override
  public String toString() {
    return where + ": " + text;
  }

  private static String chosen(JsonNode variable) {
    JsonNode current = variable.path("current").path("value").path(0);
    return current.asText().equals("$__all")
        ? variable.path("allValue").asText(".+")
        : current.asText();
  }

  private static List<Path> files(String folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(Checkout.file(folder))) {
      return files
          .filter(file -> file.toString().endsWith(ending) && !file.toString().contains(".test."))
          .toList();
    }
  }
}
