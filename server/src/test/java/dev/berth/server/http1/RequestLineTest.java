package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.TELL;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes before the fields: the method, the spaces and the version (RFC 9112, 2.2 to 3.1; RFC
 * 9110, 2.5, 6.2 and 9.1). The target has its own {@link TargetsTest}.
 */
final class RequestLineTest {
  private static final String LONG = "a".repeat(5000);

  @Test
  void forgivesOneEmptyLineBeforeARequest() throws Exception {
    assertThat(
            told(
                """

                GET / HTTP/1.1
                Host: x

                """))
        .startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void forgivesAnEmptyLineBetweenRequests() throws Exception {
    assertThat(
            told(
                """
                POST /1 HTTP/1.1
                Host: x
                Content-Length: 1

                a
                GET /2 HTTP/1.1
                Host: x

                """))
        .contains("POST /1 - [a]")
        .contains("GET /2 - []");
  }

  @Test
  void refusesASecondEmptyLine() throws Exception {
    assertRefused(400, "begin with 0x0d", "\n\nGET / HTTP/1.1\nHost: x\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {" GET / HTTP/1.1\n", "\tGET / HTTP/1.1\n", "   \n", "\rGET / HTTP/1.1\n", "<LF>"})
  void refusesWhatDoesNotBeginWithAMethod(String line) throws Exception {
    assertRefused(400, "begin with 0x", line + "Host: x\n\n");
  }

  @Test
  void refusesATlsHandshake() throws Exception {
    assertRefused(400, "begin with 0x16", "\u0016\u0003\u0001\u0002\u0000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"G(T /", "GET\t/", "GET\u000b/", "G\u00c9T /", "GE\0T /", "GET:/"})
  void refusesAMethodThatIsNoToken(String beginning) throws Exception {
    assertRefused(400, "the method holds", beginning + " HTTP/1.1\nHost: x\n\n");
  }

  @Test
  void leavesTheCaseOfAMethodAsItIs() throws Exception {
    assertThat(told("get / HTTP/1.1\nHost: x\n\n")).contains("get / - []");
  }

  @Test
  void passesOnAMethodThatItHasNeverHeardOf() throws Exception {
    assertThat(told("M-SEARCH!~ / HTTP/1.1\nHost: x\n\n")).contains("M-SEARCH!~ / - []");
  }

  @Test
  void doesNotImplementAMethodLongerThanAnyInUse() throws Exception {
    assertRefused(501, "no method", "A".repeat(65) + " / HTTP/1.1\nHost: x\n\n");
  }

  @Test
  void doesNotImplementAMethodThatNeverEnds() throws Exception {
    String line = "A".repeat(17 * 1024);

    assertThat(Conversation.of(TELL, List.of(line), 1 << 20).answer())
        .startsWith("HTTP/1.1 501 ")
        .contains("no method");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET  / HTTP/1.1", "GET  HTTP/1.1", "GET / a HTTP/1.1", "GET /  HTTP/1.1"})
  void refusesSpacesTooMany(String line) throws Exception {
    assertRefused(400, "", line + "\nHost: x\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET HTTP/1.1", "GET /", "GET", "GET / ", "/ HTTP/1.1"})
  void refusesALineWithoutItsThreeParts(String line) throws Exception {
    assertRefused(400, "", line + "\nHost: x\n\n");
  }

  @Test
  void refusesHttp09AsSoonAsTheLineHasCome() throws Exception {
    assertRefused(400, "names no version", "GET /\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http/1.1",
        "Http/1.1",
        "HTTP/11",
        "HTTP/1",
        "HTTP/1.",
        "HTTP/.1",
        "HTTP/01.1",
        "HTTP/1.01",
        "HTTP/1.1.1",
        "HTTP/ 1.1",
        "HTTP /1.1",
        "HTTP/1,1",
        "HTTP/1.x",
        "HTTP/-1.1",
        "HTTP/1.1 ",
        "HTTP/1.1\t",
        "HTTP/1.1\r",
        "HTTPS/1.1",
        "HTTQ/1.1",
        "ICY/1.0"
      })
  void refusesAVersionThatIsNone(String version) throws Exception {
    assertRefused(400, "version", "GET / " + version + "\nHost: x\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/2.0", "HTTP/0.9", "HTTP/3.0", "HTTP/9.9", "HTTP/2.1"})
  void refusesAnotherMajorVersion(String version) throws Exception {
    assertRefused(505, "HTTP/1.1", "GET / " + version + "\nHost: x\n\n");
  }

  @Test
  void refusesThePrefaceOfHttp2() throws Exception {
    assertRefused(505, "HTTP/1.1", "PRI * HTTP/2.0\n\nSM\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.2", "HTTP/1.7", "HTTP/1.9"})
  void takesALaterMinorVersionAsItsOwn(String version) throws Exception {
    assertThat(told("GET / " + version + "\nHost: x\n\nGET /2 HTTP/1.1\nHost: x\n\n"))
        .startsWith("HTTP/1.1 200 OK")
        .contains("GET /2");
  }

  @Test
  void answersHttp10WithItsOwnVersion() throws Exception {
    assertThat(told("GET / HTTP/1.0\n\n")).startsWith("HTTP/1.1 200 OK");
  }

  @Test
  void refusesALineThatEndsWithLfAlone() throws Exception {
    assertRefused(400, "LF alone", "GET / HTTP/1.1<LF>Host: x\n\n");
  }

  @Test
  void refusesALineThatEndsWithCrAlone() throws Exception {
    assertRefused(400, "version", "GET / HTTP/1.1\rHost: x\n\n");
  }

  @Test
  void refusesALineThatIsTooLong() throws Exception {
    assertRefused(414, "4096 bytes", "GET /" + LONG + " HTTP/1.1\nHost: x\n\n");
  }

  @Test
  void refusesATargetThatIsTooLong() throws Exception {
    String line = "GET /" + "a".repeat(16 * 1024) + " HTTP/1.1\r\nHost: x\r\n\r\n";

    assertThat(Conversation.of(TELL, List.of(line), 1 << 20).answer()).startsWith("HTTP/1.1 414 ");
  }

  @Test
  void refusesATargetThatIsTooLongBeforeItEnds() throws Exception {
    String line = "GET /" + "a".repeat(16 * 1024 + 100);

    assertThat(Conversation.of(TELL, List.of(line), 1 << 20).answer())
        .startsWith("HTTP/1.1 414 ")
        .contains("longer than 16384 bytes");
  }

  @Test
  void takesALineOf8000Octets() throws Exception {
    String line = "GET /" + "a".repeat(7986) + " HTTP/1.1\r\nHost: x\r\n\r\n";

    assertThat(Conversation.of(TELL, List.of(line), 1 << 20).answer()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void answersNothingAfterARefusal() throws Exception {
    assertRefused(400, "", "GET / HTTP/1.1 \nHost: x\n\nGET /2 HTTP/1.1\nHost: x\n\n");
  }

  @Test
  void answersWhatWasPipelinedBeforeARefusal() throws Exception {
    assertThat(told("GET /1 HTTP/1.1\nHost: x\n\n(\n\nGET /3 HTTP/1.1\nHost: x\n\n"))
        .containsSubsequence("HTTP/1.1 200 OK", "GET /1 - []", "HTTP/1.1 400 Bad Request")
        .doesNotContain("/3");
  }
}
