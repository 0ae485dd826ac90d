package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The CustomResourceDefinition that the build wrote from the records. */
class CustomResourceDefinitionTest {
  private static final Path WRITTEN =
      Path.of("target/classes/META-INF/fabric8/connectionpolicies.berth.dev-v1.yml");
  private static final Path SHIPPED =
      Path.of("../charts/berth/files/connectionpolicies.berth.dev.yaml");

  /** Fields for which leaving them out means something that no value says. */
  private static final Set<String> ABSENT_BY_DEFAULT =
      Set.of(
          "memory.container",
          "fallback.replicas",
          "behavior.scaleUp.policies",
          "behavior.scaleUp.stabilizationWindowSeconds",
          "behavior.scaleUp.tolerance",
          "behavior.scaleDown.policies",
          "behavior.scaleDown.stabilizationWindowSeconds",
          "behavior.scaleDown.tolerance");

  private final CustomResourceDefinition definition;

  CustomResourceDefinitionTest() throws IOException {
    definition = Serialization.unmarshal(Files.readString(WRITTEN), CustomResourceDefinition.class);
  }

  private JSONSchemaProps schema(String part) {
    JSONSchemaProps root =
        definition.getSpec().getVersions().getFirst().getSchema().getOpenAPIV3Schema();
    return Objects.requireNonNull(root.getProperties().get(part));
  }

  @Test
  void theChartShipsIt() throws IOException {
    assertThat(SHIPPED)
        .as("the chart's CRD; make crd writes it anew")
        .hasContent(Files.readString(WRITTEN));
  }

  @Test
  void columnsStandInTheirOrder() {
    assertThat(definition.getSpec().getVersions().getFirst().getAdditionalPrinterColumns())
        .extracting(CustomResourceColumnDefinition::getName)
        .containsExactly(
            "Target",
            "Mode",
            "Replicas",
            "Desired",
            "Active",
            "Limit",
            "Saturation",
            "Ready",
            "Bytes/Conn",
            "Reason",
            "Age");
  }

  @Test
  void everyFieldIsDescribed() {
    assertThat(fields(schema("spec"), field -> field.getDescription() == null)).isEmpty();
    assertThat(fields(schema("status"), field -> field.getDescription() == null)).isEmpty();
  }

  @Test
  void everyFieldOfTheSpecHasADefaultButThoseWhoseAbsenceMeansSomething() {
    Set<String> without = fields(schema("spec"), field -> field.getDefault() == null);
    without.removeIf(field -> field.startsWith("scaleTargetRef") || field.contains("policies."));

    assertThat(without).isEqualTo(new TreeSet<>(ABSENT_BY_DEFAULT));
  }

  @Test
  void everyWholeNumberIsBounded() {
    assertThat(
            fields(
                schema("spec"),
                field -> "integer".equals(field.getType()) && field.getMaximum() == null))
        .as("a number too large to read would stop the operator from reading any policy")
        .isEmpty();
  }

  private static Set<String> fields(JSONSchemaProps schema, Predicate<JSONSchemaProps> which) {
    var found = new TreeSet<String>();
    collect("", schema, which, found);
    return found;
  }

  private static void collect(
      String path, JSONSchemaProps schema, Predicate<JSONSchemaProps> which, Set<String> found) {
    schema
        .getProperties()
        .forEach((name, field) -> {
          if (which.test(field)) {
            found.add(path + name);
          }
          collect(path + name + ".", field, which, found);
          if (field.getItems() != null) {
            collect(path + name + ".", field.getItems().getSchema(), which, found);
          }
        });
  }
}
