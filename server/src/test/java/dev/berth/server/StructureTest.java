package dev.berth.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Which package may know which. */
final class StructureTest {
  private static final String US = "dev.berth.server";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(US);

  @Test
  void handlersKnowOnlyJava() {
    onlyKnows("handler");
  }

  @Test
  void limitsKnowTheLogAlone() {
    onlyKnows("limit", "log");
  }

  @Test
  void memoryKnowsOnlyJava() {
    onlyKnows("memory");
  }

  @Test
  void theProxyProtocolKnowsOnlyJava() {
    onlyKnows("proxyprotocol");
  }

  @Test
  void http1KnowsHandlersAlone() {
    onlyKnows("http1", "handler");
  }

  @Test
  void webSocketsKnowHandlersAlone() {
    onlyKnows("websocket", "handler");
  }

  @Test
  void theReverseProxyKnowsHandlersHttp1AndTheLogAlone() {
    onlyKnows("proxy", "handler", "http1", "log");
  }

  @Test
  void theAccessLogKnowsTheLogAlone() {
    onlyKnows("access", "log");
  }

  @Test
  void theLogKnowsOnlyJava() {
    onlyKnows("log");
  }

  @Test
  void connectionsKnowNoMetrics() {
    onlyKnows(
        "connection", "access", "http1", "handler", "limit", "log", "memory", "proxyprotocol");
  }

  @Test
  void nothingKnowsTheCommand() {
    noClasses()
        .that()
        .resideOutsideOfPackage(US + ".command..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(US + ".command..")
        .check(CLASSES);
  }

  @Test
  void noTwoPackagesKnowEachOther() {
    SlicesRuleDefinition.slices().matching(US + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  private static void onlyKnows(String name, String... others) {
    String[] known = new String[others.length + 3];
    for (int other = 0; other < others.length; other++) {
      known[other] = US + "." + others[other] + "..";
    }
    known[others.length] = US + "." + name + "..";
    known[others.length + 1] = "org.jspecify..";
    known[others.length + 2] = "java..";
    String[] withJdk = java.util.Arrays.copyOf(known, known.length + 2);
    withJdk[known.length] = "com.sun.management..";
    withJdk[known.length + 1] = "jdk.net..";
    classes()
        .that()
        .resideInAPackage(US + "." + name + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(withJdk)
        .check(CLASSES);
  }
}
