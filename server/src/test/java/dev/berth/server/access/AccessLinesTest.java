package dev.berth.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The lines of the access log, and that no client can write one. */
final class AccessLinesTest {
  private static final long AT = Instant.parse("2026-11-24T11:12:22.045Z").toEpochMilli();
  private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.7", 4711);

  private static Access access(String target, String userAgent, String note) {
    return new Access(
        PEER, 17, 3, "GET", target, "HTTP/1.1", 200, 6, 1_000_412_999L, "", userAgent, note);
  }

  private static String line(AccessFormat format, Access access) {
    AccessLines lines = new AccessLines(format);
    lines.add(access, AT);
    return lines.take();
  }

  @Test
  void textIsCombinedAndMore() {
    assertThat(line(AccessFormat.TEXT, access("/a?b", "curl/8", "")))
        .isEqualTo(
            """
            192.0.2.7 - - [24/Nov/2026:11:12:22 +0000] "GET /a?b HTTP/1.1" 200 6 "-" "curl/8" 1.000412 17 3 "-"
            """);
  }

  @Test
  void jsonIsOneObjectALine() {
    assertThat(line(AccessFormat.JSON, access("/a?b", "curl/8", "incomplete")))
        .isEqualTo(
            """
            {"time":"2026-11-24T11:12:22.045Z","peer":"192.0.2.7:4711","method":"GET","target":"/a?b",\
            "protocol":"HTTP/1.1","status":200,"bytes":6,"durationSeconds":1.000412,"connection":17,\
            "request":3,"referer":"","userAgent":"curl/8","note":"incomplete"}
            """);
  }

  @Test
  void whatWasNotUnderstoodIsADash() {
    assertThat(line(AccessFormat.TEXT, Access.refused(PEER, 503, 12, "full")))
        .isEqualTo(
            """
            192.0.2.7 - - [24/Nov/2026:11:12:22 +0000] "-" 503 12 "-" "-" 0.000000 0 0 "full"
            """);
  }

  @Test
  void aSecondLineHasItsOwnSecond() {
    AccessLines lines = new AccessLines(AccessFormat.JSON);
    lines.add(access("/", "", ""), AT);
    lines.add(access("/", "", ""), AT + 1_000);
    assertThat(lines.take()).contains("11:12:22.045Z", "11:12:23.045Z");
  }

  @Test
  void quotesAreEscaped() {
    Access access = access("/", "a\"b\\c\u001b\u00e9", "");
    assertThat(line(AccessFormat.TEXT, access)).contains("\"a\\x22b\\x5cc\\x1b\\xe9\"");
    assertThat(line(AccessFormat.JSON, access)).contains("\"a\\u0022b\\u005cc\\u001b\\u00e9\"");
  }

  @Property
  void nothingAClientSendsEndsATextOrALine(@ForAll String target, @ForAll String userAgent) {
    String quoted = "\"(?:[ !#-\\[\\]-~]|\\\\x[0-9a-f]{2,4})*\"";
    assertThat(line(AccessFormat.TEXT, access(target, userAgent, "")))
        .matches(
            "192\\.0\\.2\\.7 - - \\[[^]]+] %s 200 6 \"-\" %s 1\\.000412 17 3 \"-\"\n"
                .formatted(quoted, quoted));
  }

  @Property
  void nothingAClientSendsLeavesItsJsonString(@ForAll String target, @ForAll String userAgent) {
    String string = "\"(?:[ !#-\\[\\]-~]|\\\\u[0-9a-f]{4})*\"";
    assertThat(line(AccessFormat.JSON, access(target, userAgent, "")))
        .matches("\\{(?:\"[A-Za-z]+\":(?:%s|[0-9.]+),?){13}}\n".formatted(string));
  }
}
