package dev.berth.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Which package may know which: dependencies point one way. */
class StructureTest {
  private static final String ROOT = "dev.berth.operator.";
  private static final JavaClasses OPERATOR =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.berth.operator");

  @Test
  void decideKnowsOnlyRecordsAndTheJdk() {
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + "decide")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                ROOT + "decide",
                "java..",
                "org.jspecify..",
                "com.google.errorprone.annotations.."));
  }

  @Test
  void policyKnowsDecideOnly() {
    within("policy", "decide");
  }

  @Test
  void observeKnowsPolicyAndDecide() {
    within("observe", "policy", "decide");
  }

  @Test
  void applyKnowsWhatWasObservedAndDecided() {
    within("apply", "observe", "policy", "decide");
  }

  @Test
  void metricsKnowsDecideOnly() {
    within("metrics", "decide");
  }

  @Test
  void simulateKnowsDecideOnly() {
    within("simulate", "decide");
  }

  @Test
  void localKnowsNothingOfClusters() {
    check(
        noClasses()
            .that()
            .resideInAPackage(ROOT + "local")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "apply", ROOT + "reconcile"));
  }

  @Test
  void nothingKnowsTheCommandLine() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "command")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ROOT + "command"));
  }

  @Test
  void theProgramDoesNotKnowWhatBuildsIt() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + "schema")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ROOT + "schema", "io.fabric8.crdv2.."));
  }

  @Test
  void packagesDoNotDependInCircles() {
    check(SlicesRuleDefinition.slices().matching(ROOT + "(*)..").should().beFreeOfCycles());
  }

  private static void within(String part, String... known) {
    String[] others = new String[known.length + 1];
    others[0] = ROOT + part;
    for (int i = 0; i < known.length; i++) {
      others[i + 1] = ROOT + known[i];
    }
    check(
        classes()
            .that()
            .resideInAPackage(ROOT + part)
            .should()
            .onlyDependOnClassesThat(
                com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage(
                        "dev.berth.operator..")
                    .or(
                        com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage(
                            others))));
  }

  private static void check(ArchRule rule) {
    rule.check(OPERATOR);
  }
}
