package dev.berth.server.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.berth.server.http1.Conversation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a request tells beyond its parts: query parameters and bounded content. */
final class RequestTest {
  private static List<String> query(String query, String name) throws Exception {
    AtomicReference<List<String>> values = new AtomicReference<>(List.of());
    Conversation.of(
        (request, response) -> values.set(request.queryParameters(name)),
        "GET /" + query + " HTTP/1.1\r\nHost: berth\r\n\r\n");
    return values.get();
  }

  @ParameterizedTest
  @CsvSource({
    "?a=1, 1",
    "?b=2&a=1, 1",
    "?a=1&a=2, 1;2",
    "?a=x%26y+z%3D, x&y z=",
    "?%61=1, 1",
    "?a=b=c, b=c",
    "?a=%C3%A9, é",
    "?&&a=1&, 1",
    "?a, ''",
    "?a=, ''",
  })
  void queryParametersAreDecoded(String query, String values) throws Exception {
    assertThat(String.join(";", query(query, "a"))).isEqualTo(values);
    assertThat(query(query, "a")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?", "?b=1", "?aa=1", "?A=1", "?=a"})
  void aQueryParameterMayBeMissing(String query) throws Exception {
    assertThat(query(query, "a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"?a=%ff", "?%ff=1&a=1"})
  void malformedQueryParametersAreRefused(String query) {
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> query(query, "a"))
        .matches(refusal -> refusal.status() == 400);
  }

  @Property
  void anyQueryParameterComesBackAsItWas(@ForAll String name, @ForAll String value)
      throws Exception {
    Assume.that(StandardCharsets.UTF_8.newEncoder().canEncode(name + value));
    Assume.that(StandardCharsets.UTF_8.newEncoder().canEncode(name));
    String query =
        "?"
            + URLEncoder.encode(name, StandardCharsets.UTF_8)
            + "="
            + URLEncoder.encode(value, StandardCharsets.UTF_8);
    Assume.that(query.length() < 2_000);
    assertThat(query(query, name)).containsExactly(value);
  }

  private static String read(String framing, long atMost) throws Exception {
    AtomicReference<String> read = new AtomicReference<>("");
    Conversation.of(
        (request, response) ->
            read.set(new String(request.body(atMost).readAllBytes(), StandardCharsets.ISO_8859_1)),
        "POST / HTTP/1.1\r\nHost: berth\r\n" + framing);
    return read.get();
  }

  @Test
  void contentWithinItsBoundIsRead() throws Exception {
    assertThat(read("Content-Length: 5\r\n\r\nabcde", 5)).isEqualTo("abcde");
    assertThat(read("Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n", 5))
        .isEqualTo("abcde");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 5\r\n\r\nabcde",
        "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
      })
  void contentBeyondItsBoundIsRefused(String framing) {
    assertThatExceptionOfType(StatusException.class)
        .isThrownBy(() -> read(framing, 4))
        .withMessage("the content may have 4 bytes at most")
        .matches(refusal -> refusal.status() == 413);
  }
}
