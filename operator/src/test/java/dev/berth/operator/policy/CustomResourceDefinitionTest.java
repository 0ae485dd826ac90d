package dev.berth.operator.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The CustomResourceDefinition that the build wrote from the records. */
class CustomResourceDefinitionTest {
  private static final Path WRITTEN =
      Path.of("target/classes/META-INF/fabric8/connectionpolicies.berth.dev-v1.yml");
  private static final Path SHIPPED =
      Path.of("../charts/berth/files/connectionpolicies.berth.dev.yaml");

  private static final Path VALUES = Path.of("../charts/berth/values.schema.json");

  private static final ObjectMapper JSON = new ObjectMapper();

  /** How JSON Schema says what the definition leaves open. */
  private static final String QUANTITY = "[\"number\",\"string\"] ";

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

  @Test
  void theChartTakesTheSameFieldsOfTheSameTypes() throws IOException {
    JsonNode values = JSON.readTree(VALUES.toFile());
    Map<String, String> taken = types(values.at("/properties/server/properties/policy"), values);
    taken.remove("enabled");
    JsonNode spec = JSON.valueToTree(schema("spec"));
    Map<String, String> served = types(spec, spec);
    served.keySet().removeIf(field -> field.startsWith("scaleTargetRef"));

    assertThat(taken).as("server.policy in the chart's values.schema.json").isEqualTo(served);
  }

  /** Each field's type, and the words that it takes. */
  private static Map<String, String> types(JsonNode schema, JsonNode root) {
    var found = new TreeMap<String, String>();
    for (var property : schema.path("properties").properties()) {
      String name = property.getKey();
      JsonNode named = property.getValue();
      JsonNode field =
          named.has("$ref") ? root.at(named.path("$ref").asText().substring(1)) : named;
      found.put(name, field.has("type") ? field.path("type") + " " + field.path("enum") : QUANTITY);
      types(field, root).forEach((inner, type) -> found.put(name + "." + inner, type));
      types(field.path("items"), root)
          .forEach((inner, type) -> found.put(name + "." + inner, type));
    }
    return found;
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
