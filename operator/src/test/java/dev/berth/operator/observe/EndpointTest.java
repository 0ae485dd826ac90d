package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EndpointTest {
  private static String question(String host, String path) {
    return new String(new Endpoint(host, 9090, path).question(), StandardCharsets.US_ASCII);
  }

  @Test
  void itAsksForTheMetricsThatCount() {
    assertThat(question("10.1.2.3", "/m"))
        .startsWith("GET /m?name%5B%5D=berth_connections&name%5B%5D=")
        .contains(" HTTP/1.1\r\nHost: 10.1.2.3:9090\r\n")
        .endsWith("\r\n\r\n");
  }

  @Test
  void aQueryOfThePathStays() {
    assertThat(question("10.1.2.3", "/m?a=b")).startsWith("GET /m?a=b&name%5B%5D=");
  }

  @Test
  void anAddressOfIpVersionSixIsInBrackets() {
    assertThat(question("fd00::3", "/metrics")).contains("\r\nHost: [fd00::3]:9090\r\n");
  }
}
