package dev.berth.operator.schema;

import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicySpec;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Generates the CustomResourceDefinition of {@link ConnectionPolicy}, and adds what the generator
 * has no annotation for: the columns' order, the objects' own descriptions, the width of whole
 * numbers, the keys of lists.
 */
public final class CustomResourceDefinitionFile {
  private CustomResourceDefinitionFile() {}

  /** Writes it into the folder that the only argument names. */
  public static void main(String[] arguments) throws IOException {
    File folder = Files.createDirectories(Path.of(arguments[0])).toFile();
    int written =
        new CRDGenerator()
            .inOutputDir(folder)
            // all texts quoted: Off without quotes is false to Helm and kubectl
            .withMinQuotes(false)
            .withPostProcessor(new Completion())
            .customResourceClasses(ConnectionPolicy.class)
            .generate();
    if (written != 1) {
      throw new IllegalStateException("no CustomResourceDefinition was generated in " + folder);
    }
  }

  private static final class Completion implements CRDPostProcessor {
    @Override
    public HasMetadata process(HasMetadata generated, String crdVersion) {
      ((CustomResourceDefinition) generated).getSpec().getVersions().forEach(Completion::complete);
      return generated;
    }

    private static void complete(CustomResourceDefinitionVersion version) {
      List<String> order =
          Arrays.stream(ConnectionPolicy.class.getAnnotationsByType(AdditionalPrinterColumn.class))
              .map(AdditionalPrinterColumn::name)
              .toList();
      version
          .getAdditionalPrinterColumns()
          .sort(
              Comparator.comparingInt(
                  (CustomResourceColumnDefinition column) -> order.indexOf(column.getName())));
      JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();
      root.setRequired(List.of("spec"));
      root.setDescription(
          "How many connections a pod of one workload may take, and how many pods it has: both are"
              + " moved with what the pods' memory and connections really do.");
      JSONSchemaProps spec = property(root, "spec");
      spec.setDescription("What is wanted. Every field but scaleTargetRef has a default.");
      widths(spec, ConnectionPolicySpec.class);
      JSONSchemaProps behavior = property(spec, "behavior");
      part(property(property(behavior, "scaleUp"), "tolerance"));
      part(property(property(behavior, "scaleDown"), "tolerance"));
      JSONSchemaProps status = property(root, "status");
      status.setDescription("What was last seen and decided. Written by the operator.");
      widths(status, ConnectionPolicyStatus.class);
      keyed(property(status, "conditions"), "type");
      keyed(property(status, "pods"), "name");
    }

    /** A number or a text, which no type of a structural schema is: each keyword binds its own. */
    private static void part(JSONSchemaProps quantity) {
      quantity.setMinimum(0.0);
      quantity.setMaximum(1.0);
      quantity.setExclusiveMaximum(true);
      quantity.setPattern("^(0([.][0-9]{1,9})?|[0-9]{1,3}m)$");
    }

    private static void keyed(JSONSchemaProps list, String key) {
      list.setXKubernetesListType("map");
      list.setXKubernetesListMapKeys(List.of(key));
      JSONSchemaProps item = list.getItems().getSchema();
      if (!item.getRequired().contains(key)) {
        item.setRequired(List.of(key));
      }
    }

    private static void widths(JSONSchemaProps schema, Class<?> type) {
      if (!type.isRecord() || schema.getProperties().isEmpty()) {
        return;
      }
      for (RecordComponent component : type.getRecordComponents()) {
        JSONSchemaProps property = property(schema, component.getName());
        if (component.getType() == Integer.class) {
          property.setFormat("int32");
        } else if (component.getType() == Long.class) {
          property.setFormat("int64");
        } else if (component.getGenericType() instanceof ParameterizedType list) {
          widths(property.getItems().getSchema(), (Class<?>) list.getActualTypeArguments()[0]);
        } else {
          widths(property, component.getType());
        }
      }
    }

    private static JSONSchemaProps property(JSONSchemaProps schema, String name) {
      Map<String, JSONSchemaProps> properties = schema.getProperties();
      JSONSchemaProps property = properties.get(name);
      if (property == null) {
        throw new IllegalStateException("the schema has no property " + name);
      }
      return property;
    }
  }
}
