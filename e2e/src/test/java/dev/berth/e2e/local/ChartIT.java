package dev.berth.e2e.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import dev.berth.e2e.cluster.Program;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Helm makes of the chart, without a cluster. */
class ChartIT {
  private static final Set<String> NAMES =
      Set.of("name", "namespace", "serviceAccountName", "priorityClassName");
  private static final Set<String> TEXTS = Set.of("labels", "annotations", "matchLabels");

  @BeforeAll
  static void requireHelm() {
    assumeTrue(Program.inPath("helm"), "skipped: no helm in PATH (https://helm.sh)");
  }

  @Test
  void theChartPassesStrictLintAndRefusesWrongValues() {
    assertThat(Program.of("deploy/test/chart").with("KUBECONFIG", "").succeed()).contains("lint");
  }

  @ParameterizedTest
  @CsvSource({"42, 2024", "true, null"})
  void namesThatYamlReadsAsSomethingElseStayTexts(String release, String namespace)
      throws IOException {
    String rendered =
        Program.of(
                "helm",
                "template",
                release,
                "charts/berth",
                "--namespace=" + namespace,
                "--set-json=operator.namespaces=[\"%s\"]".formatted(namespace),
                "--set=server.enabled=true,networkPolicy.enabled=true,dashboards.enabled=true",
                "--set=podMonitor.enabled=true,prometheusRule.enabled=true",
                "--set-string=nameOverride=%1$s,fullnameOverride=%1$s".formatted(release),
                "--set-string=operator.serviceAccount.name=" + release,
                "--set-string=operator.priorityClassName=" + release)
            .succeed();
    var yaml = new ObjectMapper(new YAMLFactory());
    var others = new ArrayList<String>();
    for (JsonNode object :
        yaml.readerFor(JsonNode.class).<JsonNode>readValues(rendered).readAll()) {
      others.addAll(noTexts(object, object.path("kind").asText()));
    }
    assertThat(rendered).contains("kind: PrometheusRule", "kind: ConnectionPolicy");
    assertThat(others).isEmpty();
  }

  /** Where there is a name or a label that YAML doesn't read as a text. */
  private static List<String> noTexts(JsonNode node, String where) {
    var found = new ArrayList<String>();
    boolean texts = TEXTS.contains(where.substring(where.lastIndexOf('/') + 1));
    for (var field : node.properties()) {
      String path = where + "/" + field.getKey();
      JsonNode value = field.getValue();
      if (value.isValueNode() && !value.isTextual() && (texts || NAMES.contains(field.getKey()))) {
        found.add(path + ": " + value);
      }
      found.addAll(noTexts(value, path));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      found.addAll(noTexts(node.get(i), where + "/" + i));
    }
    return found;
  }
}
