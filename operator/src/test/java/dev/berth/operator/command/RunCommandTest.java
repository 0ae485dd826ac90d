package dev.berth.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          --interval=soon                            | 'soon' is no duration such as 500ms, 30s or 5m
          --leader-election=false --interval=5ms     | --interval is 5 ms; it must be at least 100 ms
          --leader-election=false --namespaces=a,B_  | --namespaces names 'B_', which is no namespace's name
          --listen=8080                              | '8080' is no address such as 0.0.0.0:8080
          --leader-election=perhaps                  | 'perhaps' is not a boolean
          --lease-namespace=                         | the lease has no namespace: set --lease-namespace
          """)
  void aBadOptionIsOneLineAndExitStatus2(String options, String told) {
    var errors = new StringWriter();
    int status =
        BerthOperator.commandLine(Map.of())
            .setErr(new PrintWriter(errors, true))
            .execute(("run " + options).split(" "));

    assertThat(status).isEqualTo(2);
    assertThat(errors.toString().lines()).singleElement().asString().contains(told);
  }
}
