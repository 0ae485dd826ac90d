package dev.berth.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.local.PolicyFile.Bad;
import dev.berth.operator.local.PolicyFile.Good;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTest {
  private static final String HEAD =
      """
      apiVersion: berth.dev/v1alpha1
      kind: ConnectionPolicy
      metadata: {name: chat}
      spec:
        scaleTargetRef: {kind: Deployment, name: chat}
      """;

  @TempDir private Path directory = Path.of("");

  private PolicyFile read(String yaml) throws IOException {
    Path file = directory.resolve("policy.yaml");
    Files.writeString(file, yaml);
    return PolicyFile.read(file);
  }

  /** The sentence, without the folder. */
  private String refused(String yaml) throws IOException {
    return ((Bad) read(yaml)).sentence().replace(directory + "/", "");
  }

  @Test
  void theExampleIsAPolicy() {
    var good = (Good) PolicyFile.read(Path.of("../examples/local.yaml"));

    assertThat(good.name()).isEqualTo("local");
    assertThat(good.policy().minReplicas()).isEqualTo(1);
    assertThat(good.policy().behavior().scaleDown().stabilization())
        .isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void whatIsLeftOutHasItsDefault() throws IOException {
    var good = (Good) read(HEAD);

    assertThat(good.name()).isEqualTo("chat");
    assertThat(good.policy().maxReplicas()).isEqualTo(10);
    assertThat(good.policy().connections().targetUtilization()).isEqualTo(70);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThat(PolicyFile.read(Path.of("no/such.yaml")))
        .isEqualTo(new Bad("no/such.yaml can't be read: there is no such file"));
  }

  @Test
  void aFolderIsNoPolicy() {
    assertThat(((Bad) PolicyFile.read(directory)).sentence()).contains("can't be read");
  }

  @Test
  void aValueOutOfItsBoundsIsNamedWithItsLine() throws IOException {
    assertThat(refused(HEAD + "  minReplicas: 5\n  maxReplicas: 2\n"))
        .isEqualTo(
            "policy.yaml, line 6: spec.minReplicas is 5 and spec.maxReplicas is 2; minReplicas must not exceed maxReplicas");
  }

  @Test
  void aBadPercentageIsNamedWithItsLine() throws IOException {
    assertThat(refused(HEAD + "  minReplicas: 1\n  connections:\n    targetUtilization: 700\n"))
        .isEqualTo(
            "policy.yaml, line 8: spec.connections.targetUtilization is 700; it must be a percentage, 1 to 100");
  }

  @Test
  void anUnknownFieldIsNamedWithThoseThereAre() throws IOException {
    assertThat(refused(HEAD + "  minReplica: 1\n"))
        .startsWith("policy.yaml, line 6: spec.minReplica is no field; there are behavior, ")
        .contains("minReplicas");
  }

  @Test
  void aTextInPlaceOfANumberIsNamed() throws IOException {
    assertThat(refused(HEAD + "  minReplicas: two\n"))
        .isEqualTo("policy.yaml, line 6: spec.minReplicas is \"two\"; it must be a whole number");
  }

  @Test
  void aWordThatIsNotOneOfThoseAllowedIsNamed() throws IOException {
    assertThat(refused(HEAD + "  updatePolicy: {updateMode: Sometimes}\n"))
        .isEqualTo(
            "policy.yaml, line 6: spec.updatePolicy.updateMode is \"Sometimes\"; it must be one of Off, LimitsOnly, Auto");
  }

  @Test
  void aListInPlaceOfFieldsIsNamed() throws IOException {
    assertThat(refused(HEAD + "  connections: [1, 2]\n"))
        .isEqualTo("policy.yaml, line 6: spec.connections must be a mapping of fields");
  }

  @Test
  void aFieldThatIsThereTwiceIsRefused() throws IOException {
    assertThat(refused(HEAD + "  minReplicas: 1\n  minReplicas: 2\n"))
        .startsWith("policy.yaml, line 7: ")
        .contains("minReplicas");
  }

  @Test
  void brokenYamlIsNamedWithItsLine() throws IOException {
    assertThat(refused("apiVersion: v1\nkind: [ConnectionPolicy\nspec: {}\n"))
        .startsWith("policy.yaml, line ")
        .contains("no YAML")
        .doesNotContain("\n");
  }

  @Test
  void anotherKindIsRefused() throws IOException {
    assertThat(refused("apiVersion: apps/v1\nkind: Deployment\n"))
        .isEqualTo("policy.yaml holds a Deployment; it must hold a ConnectionPolicy");
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    assertThat(refused(""))
        .isEqualTo("policy.yaml holds nothing with a kind; it must hold a ConnectionPolicy");
  }

  @Test
  void aPolicyWithoutASpecIsRefused() throws IOException {
    assertThat(refused("apiVersion: berth.dev/v1alpha1\nkind: ConnectionPolicy\n"))
        .isEqualTo("policy.yaml has no spec");
  }

  @Test
  void anotherVersionIsRefused() throws IOException {
    assertThat(refused(HEAD.replace("v1alpha1", "v9")))
        .isEqualTo("policy.yaml: apiVersion is \"berth.dev/v9\"; it must be berth.dev/v1alpha1");
  }

  @Test
  void severalDocumentsAreRefused() throws IOException {
    assertThat(refused(HEAD + "---\n" + HEAD))
        .isEqualTo("policy.yaml holds several documents; it must hold one ConnectionPolicy");
  }

  @Test
  void lineOfDashesBeforeAndBehindThePolicyBeginsNoOther() throws IOException {
    assertThat(read("---\n" + HEAD + "---\n")).isInstanceOf(Good.class);
  }

  @Test
  void emptyMetadataIsNoName() throws IOException {
    assertThat(((Good) read(HEAD.replace("{name: chat}", ""))).name()).isEqualTo("local");
  }

  @Test
  void aFractionIsNoNumberOfPods() throws IOException {
    assertThat(refused(HEAD + "  minReplicas: 1.9\n"))
        .isEqualTo("policy.yaml, line 6: spec.minReplicas is \"1.9\"; it must be a whole number");
  }

  @Test
  void toleranceIsAQuantityWhichMayBeWrittenEitherWay() throws IOException {
    for (String quantity : new String[] {"0.2", "\"0.2\"", "200m"}) {
      var good = (Good) read(HEAD + "  behavior: {scaleUp: {tolerance: %s}}\n".formatted(quantity));

      assertThat(good.policy().behavior().scaleUp().tolerance()).isEqualTo(0.2);
    }
  }

  @Test
  void anEmptyScalingPolicyIsNamed() throws IOException {
    assertThat(refused(HEAD + "  behavior: {scaleUp: {policies: [null]}}\n"))
        .contains("spec.behavior.scaleUp")
        .contains("lacks type, value or periodSeconds");
  }
}
