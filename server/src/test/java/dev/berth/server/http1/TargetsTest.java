package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.answered;
import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be asked for, and in which form (RFC 9112, 3.2 and 3.3; RFC 9110, 4.2 and 7). */
final class TargetsTest {
  private static final Handler TELL_HOST =
      (request, response) -> response.text("host " + request.header("Host").orElse("none"));

  private static String line(String target) {
    return "GET " + target + " HTTP/1.1\nHost: x\n\n";
  }

  @Test
  void leavesAPathAndQueryAsTheyAre() throws Exception {
    assertThat(told(line("/a%20b/../%2F;c=d//?e=%00&f=?/{|}^`")))
        .contains("GET /a%20b/../%2F;c=d// e=%00&f=?/{|}^` []");
  }

  @ParameterizedTest
  @CsvSource({
    "/?filter[x]=1, GET / filter[x]=1 []",
    "/metrics?name[]=berth_draining, GET /metrics name[]=berth_draining []",
    "/a[0]|b^c, GET /a[0]|b^c - []",
    "/?[\\]^`{|}, GET / [\\]^`{|} []",
    "http://other/a[0]|b^c?[\\]^`{|}, GET /a[0]|b^c [\\]^`{|} []",
    "http://[::1]:80/[x]?[y], GET /[x] [y] []"
  })
  void takesWhatBrowsersLeaveAsItIs(String target, String asked) throws Exception {
    assertThat(told(line(target))).contains(asked);
  }

  @ParameterizedTest
  @CsvSource({
    "http://other:80/p?q, GET /p q []",
    "HTTP://other/p?q, GET /p q []",
    "http://[::1]:80/p?q, GET /p q []",
    "http://other, GET / - []",
    "http://other?q, GET / q []",
    "http://other:/?, GET /  []",
    "//, GET // - []"
  })
  void takesAnAbsoluteTarget(String target, String asked) throws Exception {
    assertThat(told(line(target))).contains(asked);
  }

  @ParameterizedTest
  @CsvSource({
    "http://other:81/p, Host: x, other:81",
    "http://other/p, Host: other, other",
    "http://other, Host:  other:80, other",
    "/p, Host: x, x"
  })
  void followsAnAbsoluteTargetRatherThanHost(String target, String field, String host)
      throws Exception {
    assertThat(answered(TELL_HOST, "GET " + target + " HTTP/1.1\n" + field + "\nA: b\n\n"))
        .endsWith("host " + host);
  }

  @Test
  void hasTheHostOfAnAbsoluteTargetInHttp10() throws Exception {
    assertThat(answered(TELL_HOST, "GET http://other:81/p HTTP/1.0\nA: b\n\n"))
        .endsWith("host other:81");
    assertThat(answered(TELL_HOST, "GET http://other/p HTTP/1.0\nHost: x\n\n"))
        .endsWith("host other");
    assertThat(answered(TELL_HOST, "GET /p HTTP/1.0\n\n")).endsWith("host none");
  }

  @Test
  void wantsHostBesideAnAbsoluteTarget() throws Exception {
    assertRefused(400, "name its Host", "GET http://other/ HTTP/1.1\n\n");
  }

  @Test
  void refusesABadHostBesideAnAbsoluteTarget() throws Exception {
    assertRefused(400, "Host holds '/'", "GET http://other/ HTTP/1.1\nHost: x/y\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://other/", "HTTPS://[::1]:443/p?q"})
  void rejectsHttpsOnAConnectionThatIsNotSecured(String target) throws Exception {
    assertRefused(421, "not secured", line(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "foo",
        "x:80",
        "x",
        "*",
        "?q",
        "http://",
        "http:///a",
        "http://?q",
        "http:/a",
        "http:a",
        "ftp://x/",
        "://x/"
      })
  void refusesWhatIsNeitherPathNorHttpUrl(String target) throws Exception {
    assertRefused(400, "neither a path", line(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://me@x/",
        "http://me:pw@x/",
        "http://:80/",
        "http://x:port/",
        "http://x:65536/",
        "http://x,y/",
        "http://[::1/",
        "http://[x]/",
        "http://[::1]x/",
        "http://x%2/",
        "http://x\\y/"
      })
  void refusesAnAbsoluteTargetWithABadHost(String target) throws Exception {
    assertRefused(400, "the target's host", line(target));
  }

  @Test
  void takesOptionsOfTheServer() throws Exception {
    assertThat(told("OPTIONS * HTTP/1.1\nHost: x\n\n")).contains("OPTIONS * - []");
  }

  @ParameterizedTest
  @CsvSource({
    "http://other, OPTIONS * - []",
    "http://other/, OPTIONS / - []",
    "http://other?, OPTIONS /  []"
  })
  void takesOptionsOfTheServerByItsUrl(String target, String asked) throws Exception {
    assertThat(told("OPTIONS " + target + " HTTP/1.1\nHost: x\n\n")).contains(asked);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET *", "POST *", "OPTIONS **", "OPTIONS *?q", "options *"})
  void takesTheAsteriskForNothingElse(String beginning) throws Exception {
    assertRefused(400, "neither a path", beginning + " HTTP/1.1\nHost: x\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"x:443", "x:0", "x:", "x", "/", "http://x/"})
  void opensNoTunnel(String target) throws Exception {
    assertRefused(501, "tunnels", "CONNECT " + target + " HTTP/1.1\nHost: x\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/#a", "/a?b#c", "/#", "http://x/#a", "http://x#a"})
  void refusesAFragment(String target) throws Exception {
    assertRefused(400, "target holds '#'", line(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/\u00e9",
        "/\u00c0\u00af",
        "/a\u0000b",
        "/a\u0001b",
        "/a\u007fb",
        "/a\rb",
        "/?\u0000",
        "/?\u00e9",
        "/\u00a0",
        "/a\tb"
      })
  void refusesOctetsThatAreNotPrintedAscii(String target) throws Exception {
    assertRefused(400, "target holds 0x", line(target));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/a\\b",
        "/a<b",
        "/a>b",
        "/a\"b",
        "/a`b",
        "/a{b",
        "/a}b",
        "/?<",
        "/?>",
        "/?\"",
        "http://x/a\\b",
        "http://x/?<",
        "/[\\]"
      })
  void refusesOctetsThatNoUrlHas(String target) throws Exception {
    assertRefused(400, "target holds '", line(target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%", "/%4", "/%zz", "/%4g", "/a%%41", "/?%", "/?a=%u0041"})
  void refusesAPercentWithoutItsDigits(String target) throws Exception {
    assertRefused(400, "", line(target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%00", "/a%00.html", "/%0d%0aSet-Cookie:%20a", "/%0A", "/%1f", "/%7F"})
  void refusesAnEncodedControlInAPath(String target) throws Exception {
    assertRefused(400, "encoded control", line(target));
  }
}
