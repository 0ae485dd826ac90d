package dev.berth.server.http1;

import static dev.berth.server.http1.Conversation.assertRefused;
import static dev.berth.server.http1.Conversation.told;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Host, once and well-formed (RFC 9112, 3.2; RFC 9110, 7.2 and 4.2; RFC 3986, 3.2.2). */
final class HostTest {
  @Test
  void wantsOne() throws Exception {
    assertRefused(400, "name its Host", "GET / HTTP/1.1\n\n");
  }

  @Test
  void doesNotWantOneOfHttp10() throws Exception {
    assertThat(told("GET / HTTP/1.0\n\n")).contains("GET / - []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: x\nHost: x\n",
        "Host: x\nHost: y\n",
        "Host: x\nA: b\nhOST: x\n",
        "Host: x\nHost:\n"
      })
  void wantsNoSecond(String fields) throws Exception {
    assertRefused(400, "", "GET / HTTP/1.1\n" + fields + "\n");
  }

  @Test
  void wantsNoSecondOfHttp10Either() throws Exception {
    assertRefused(400, "more than one Host", "GET / HTTP/1.0\nHost: x\nHost: x\n\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Host:", "Host: ", "Host: \t "})
  void refusesAnEmptyOne(String field) throws Exception {
    assertRefused(400, "Host is empty", "GET / HTTP/1.1\n" + field + "\n\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x",
        "x:80",
        "x:",
        "x:0",
        "x:65535",
        "a-b.example.com.",
        "under_score",
        "127.0.0.1:8080",
        "x%41y",
        "caf%c3%a9",
        "[::1]",
        "[::]",
        "[::1]:8080",
        "[2001:db8::ff00:42:8329]",
        "[1:2:3:4:5:6:7:8]",
        "[1::]",
        "[::ffff:192.0.2.1]:80",
        "[1:2:3:4:5:6:1.2.3.4]",
        "  x  "
      })
  void takes(String host) throws Exception {
    assertThat(told("GET / HTTP/1.1\nHost: " + host + "\n\n")).contains("GET / - []");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x/y",
        "x/",
        "http://x",
        "me@x",
        "me:pw@x",
        "x,y",
        "x, y",
        "x y",
        "x\ty",
        "x?y",
        "x#y",
        "x\\y",
        "x\"y",
        "<x>",
        "{x}",
        "x|y",
        "x^y",
        "x`y",
        "\u00e9",
        "%",
        "x%4",
        "x%zz",
        "%00",
        "x%00y",
        "x%0d%0aA:b",
        "x%1f",
        "x%7F",
        "x%20y",
        "x%25y",
        "x%2fy",
        "x%3a80",
        "me%40x",
        "x%3Fy",
        "x%23y",
        "x%5by",
        "x%5cy",
        "x%2cy",
        "x]",
        ":",
        ":80",
        "x:y",
        "x:80:80",
        "x:-1",
        "x:+80",
        "x:8 0",
        "x:65536",
        "x:99999999999",
        "::1",
        "[",
        "[]",
        "[::1",
        "[::1]x",
        "[::1]]",
        "[[::1]]",
        "[::1]:x",
        "x[::1]",
        "[x]",
        "[1.2.3.4]",
        "[:]",
        "[:::]",
        "[1]",
        "[:1]",
        "[1:]",
        "[1::2::3]",
        "[12345::]",
        "[1:2:3:4:5:6:7]",
        "[1:2:3:4:5:6:7:8:9]",
        "[1:2:3:4:5:6:7::8]",
        "[::1%25eth0]",
        "[::1.2.3]",
        "[::1.2.3.256]",
        "[::1.2.3.4.5]",
        "[v1.x]"
      })
  void refuses(String host) throws Exception {
    assertRefused(400, "Host ", "GET / HTTP/1.1\nHost: " + host + "\n\n");
  }
}
