package dev.berth.server.proxy;

import static dev.berth.server.RawClient.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to the upstream, and what comes back, byte by byte. */
final class ForwardingIT {
  private static final String ADDED =
      """
      X-Forwarded-For: 127.0.0.1
      X-Forwarded-Proto: http
      X-Forwarded-Host: shop.example
      Forwarded: for=127.0.0.1;host=shop.example;proto=http
      Via: 1.1 berth
      """;
  private static final String NO_CONTENT =
      wire(
          """
          HTTP/1.1 204 No Content
          Date: today

          """);

  private final Proxied proxied;

  ForwardingIT() throws IOException {
    proxied = new Proxied();
  }

  @AfterEach
  void close() {
    proxied.close();
  }

  private String heard(String request) throws IOException {
    try (RawClient upstream = proxied.hears(request)) {
      String head = upstream.readUntil("\r\n\r\n");
      upstream.send(NO_CONTENT);
      proxied.client.readResponse();
      return head;
    }
  }

  private String answered(String response) throws IOException {
    try (RawClient upstream =
        proxied.hears(
            """
            GET / HTTP/1.1
            Host: shop.example
            Connection: close

            """)) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(wire(response)).halfClose();
      return proxied.client.readAll();
    }
  }

  @Test
  void passesTargetFieldsAndTheirOrderOn() throws Exception {
    assertThat(
            heard(
                """
                GET /a%20b?q=1 HTTP/1.1
                Host: shop.example
                accept: */*
                X-One: 1
                X-One: 2

                """))
        .isEqualTo(
            wire(
                """
                GET /a%20b?q=1 HTTP/1.1
                Host: shop.example
                accept: */*
                X-One: 1
                X-One: 2
                """
                    + ADDED
                    + "\n"));
  }

  @Test
  void leavesOutWhatBelongsToTheClientsConnection() throws Exception {
    assertThat(
            heard(
                """
                GET / HTTP/1.1
                Host: shop.example
                Connection: keep-alive, X-Secret
                Keep-Alive: timeout=5
                Proxy-Connection: keep-alive
                Proxy-Authorization: Basic abc
                TE: gzip
                Upgrade: websocket
                X-Secret: 1

                """))
        .isEqualTo(
            wire(
                """
                GET / HTTP/1.1
                Host: shop.example
                """
                    + ADDED
                    + "\n"));
  }

  @Test
  void hostIsPassedOnAlthoughConnectionNamesIt() throws Exception {
    assertThat(
            heard(
                """
                GET / HTTP/1.1
                Host: shop.example
                Connection: host, content-length

                """))
        .isEqualTo(
            wire(
                """
                GET / HTTP/1.1
                Host: shop.example
                """
                    + ADDED
                    + "\n"));
  }

  @Test
  void appendsToWhatProxiesBeforeItHaveSaid() throws Exception {
    assertThat(
            heard(
                """
                GET / HTTP/1.1
                Host: [::1]:8080
                Via: 1.0 edge
                X-Forwarded-For: 192.0.2.1
                X-Forwarded-For: 192.0.2.2
                X-Forwarded-Proto: https
                X-Forwarded-Host: shop.example
                Forwarded: for=192.0.2.1

                """))
        .isEqualTo(
            wire(
                """
                GET / HTTP/1.1
                Host: [::1]:8080
                Via: 1.0 edge
                X-Forwarded-Proto: https
                X-Forwarded-Host: shop.example
                X-Forwarded-For: 192.0.2.1, 192.0.2.2, 127.0.0.1
                Forwarded: for=192.0.2.1, for=127.0.0.1;host="[::1]:8080";proto=http
                Via: 1.1 berth

                """));
  }

  @Test
  void appendsToNothingThatConnectionNames() throws Exception {
    assertThat(
            heard(
                """
                GET / HTTP/1.1
                Host: shop.example
                Connection: x-forwarded-for, Forwarded, X-Forwarded-Proto, via
                Via: 1.0 edge
                X-Forwarded-For: 192.0.2.1
                X-Forwarded-Proto: https
                Forwarded: for=192.0.2.1

                """))
        .isEqualTo(
            wire(
                """
                GET / HTTP/1.1
                Host: shop.example
                """
                    + ADDED
                    + "\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"for=\"a", "\"", "for=\"a\\\"", "for=\"a\\", "for=a\\\""})
  void doesNotAppendToAForwardedWhoseQuotesAreOpen(String value) throws Exception {
    String others = "Forwarded: for=\"_a,\\\"\"\nForwarded: " + value + "\nForwarded: for=_b\n";
    assertThat(heard("GET / HTTP/1.1\nHost: shop.example\n" + others + "\n"))
        .contains(
            "\r\nForwarded: for=\"_a,\\\"\", for=_b, for=127.0.0.1;host=shop.example;proto=http\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"X_Forwarded_For", "x-forwarded_for", "X_FORWARDED_PROTO", "X_Forwarded-Host"})
  void dropsWhatServersMayTakeForItsOwnFields(String name) throws Exception {
    assertThat(heard("GET / HTTP/1.1\nHost: shop.example\n" + name + ": 192.0.2.1\n\n"))
        .isEqualTo(wire("GET / HTTP/1.1\nHost: shop.example\n" + ADDED + "\n"));
  }

  @Test
  void appendsToNothingThatIsEmpty() throws Exception {
    assertThat(heard("GET / HTTP/1.1\nHost: shop.example\nForwarded:\nX-Forwarded-For:\n\n"))
        .isEqualTo(wire("GET / HTTP/1.1\nHost: shop.example\n" + ADDED + "\n"));
  }

  @Test
  void namesTheUpstreamToAnOldClientThatNamesNoHost() throws Exception {
    String authority = proxied.upstream.address().authority();
    assertThat(heard("GET / HTTP/1.0\n\n"))
        .startsWith(wire("GET / HTTP/1.1\nHost: " + authority + "\n"))
        .contains("\r\nVia: 1.0 berth\r\n");
  }

  @Test
  void anAbsoluteTargetBecomesAPathAndAHost() throws Exception {
    assertThat(
            heard(
                """
                GET http://shop.example/a?b HTTP/1.1
                Host: other.example

                """))
        .startsWith(
            wire(
                """
                GET /a?b HTTP/1.1
                Host: shop.example
                """));
  }

  @Test
  void anOldClientsAbsoluteTargetBecomesAPathAndAHost() throws Exception {
    assertThat(heard("GET http://shop.example/a?b HTTP/1.0\nAccept: */*\n\n"))
        .isEqualTo(
            wire(
                """
                GET /a?b HTTP/1.1
                Host: shop.example
                Accept: */*
                """
                    + ADDED.replace("1.1 berth", "1.0 berth")
                    + "\n"));
  }

  @Test
  void asksForTrailersIfTheClientDoes() throws Exception {
    assertThat(
            heard(
                """
                GET / HTTP/1.1
                Host: shop.example
                TE: trailers, deflate
                Connection: TE

                """))
        .endsWith(
            wire(
                """
                TE: trailers
                Connection: TE

                """));
  }

  @Test
  void countsForwardsDown() throws Exception {
    assertThat(
            heard(
                """
                OPTIONS * HTTP/1.1
                Host: shop.example
                Max-Forwards: 10

                """))
        .startsWith("OPTIONS * HTTP/1.1\r\n")
        .contains("\r\nMax-Forwards: 9\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "0010, 9",
    "999999999, 999999998",
    "1000000000, 999999999",
    "99999999999999999999, 999999999"
  })
  void countsForwardsDownHoweverManyThereAre(String left, String passedOn) throws Exception {
    assertThat(heard("TRACE / HTTP/1.1\nHost: x\nMax-Forwards: " + left + "\n\n"))
        .contains("\r\nMax-Forwards: " + passedOn + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONS, 0, 204 No Content",
    "OPTIONS, 00, 204 No Content",
    "TRACE, 0, 501 Not Implemented"
  })
  void answersItselfWhenNoForwardIsLeft(String method, String left, String status)
      throws Exception {
    proxied.client.send(
        wire(method + " / HTTP/1.1\nHost: x\nMax-Forwards: " + left + "\nConnection: close\n\n"));
    assertThat(proxied.client.readAll()).startsWith("HTTP/1.1 " + status + "\r\n");
    assertThat(proxied.told.openedCount()).isZero();
  }

  @Test
  void passesContentOfKnownLengthOn() throws Exception {
    try (RawClient upstream =
        proxied.hears(
            """
            POST / HTTP/1.1
            Host: shop.example
            Content-Length: 5

            hello\
            """)) {
      assertThat(upstream.readUntil("hello"))
          .isEqualTo(
              wire(
                  """
                  POST / HTTP/1.1
                  Host: shop.example
                  """
                      + ADDED
                      + """
                      Content-Length: 5

                      hello\
                      """));
    }
  }

  @Test
  void passesChunksAndTrailersOnAsTheyCome() throws Exception {
    try (RawClient upstream =
        proxied.hears(
            """
            POST / HTTP/1.1
            Host: shop.example
            Transfer-Encoding: chunked
            Trailer: Digest

            3;ext=1
            abc
            """)) {
      assertThat(upstream.readUntil("abc\r\n"))
          .isEqualTo(
              wire(
                  """
                  POST / HTTP/1.1
                  Host: shop.example
                  Trailer: Digest
                  """
                      + ADDED
                      + """
                      Transfer-Encoding: chunked

                      3
                      abc
                      """));
      proxied.client.send(
          wire(
              """
              2
              de
              0
              Digest: x
              Host: late

              """));
      assertThat(upstream.readUntil("\r\n\r\n"))
          .isEqualTo(
              wire(
                  """
                  2
                  de
                  0
                  Digest: x

                  """));
      upstream.send(NO_CONTENT);
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 204 ");
    }
  }

  @Test
  void passesAnAnswerBackWithoutWhatBelongsToItsConnection() throws Exception {
    assertThat(
            answered(
                """
                HTTP/1.1 404 Nowhere To Be Found
                Date: today
                Server: app
                Connection: close, X-Secret
                Keep-Alive: timeout=5
                X-Secret: 1
                Set-Cookie: a=1
                Set-Cookie: b=2
                Content-Length: 5

                hello\
                """))
        .isEqualTo(
            wire(
                """
                HTTP/1.1 404 Not Found
                Date: today
                Server: app
                Set-Cookie: a=1
                Set-Cookie: b=2
                Via: 1.1 berth
                Connection: close
                Content-Length: 5

                hello\
                """));
  }

  @Test
  void passesNoTrailerOnThatConnectionNames() throws Exception {
    try (RawClient upstream =
        proxied.hears(
            """
            POST / HTTP/1.1
            Host: shop.example
            Connection: x-hop
            Transfer-Encoding: chunked

            0
            Digest: x
            X-Hop: y

            """)) {
      assertThat(upstream.readUntil("0\r\nDigest: x\r\n\r\n")).doesNotContain("X-Hop");
    }
  }

  @Test
  void passesNoTrailerBackThatConnectionNames() throws Exception {
    assertThat(
            answered(
                """
                HTTP/1.1 200 OK
                Connection: x-hop
                Transfer-Encoding: chunked

                0
                Digest: x
                X-Hop: y

                """))
        .endsWith("0\r\nDigest: x\r\n\r\n");
  }

  @Test
  void passesChunksAndTrailersBack() throws Exception {
    assertThat(
            answered(
                """
                HTTP/1.1 200 OK
                Date: today
                Transfer-Encoding: chunked

                5;a=b
                hello
                0
                Digest: x
                Proxy-Authenticate: Basic

                """))
        .isEqualTo(
            wire(
                """
                HTTP/1.1 200 OK
                Date: today
                Via: 1.1 berth
                Connection: close
                Transfer-Encoding: chunked

                5
                hello
                0
                Digest: x

                """));
  }

  @Test
  void anAnswerThatEndsWithItsConnectionIsSentInChunks() throws Exception {
    assertThat(
            answered(
                """
                HTTP/1.0 200 OK
                Date: today

                hello\
                """))
        .isEqualTo(
            wire(
                """
                HTTP/1.1 200 OK
                Date: today
                Via: 1.0 berth
                Connection: close
                Transfer-Encoding: chunked

                5
                hello
                0

                """));
  }

  @ParameterizedTest
  @ValueSource(strings = {"204 No Content", "304 Not Modified"})
  void anAnswerWithoutContentEndsWithItsHead(String status) throws Exception {
    String head = "HTTP/1.1 " + status + "\nDate: today\n";
    assertThat(answered(head + "\n"))
        .isEqualTo(wire(head + "Via: 1.1 berth\nConnection: close\n\n"));
  }

  @Test
  void anAnswerToHeadKeepsItsLengthAndHasNoContent() throws Exception {
    try (RawClient upstream = proxied.hears("HEAD / HTTP/1.1\nHost: shop.example\n\n")) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(
          wire(
              """
              HTTP/1.1 200 OK
              Date: today
              Content-Length: 5000

              """));
      assertThat(proxied.client.readUntil("\r\n\r\n"))
          .isEqualTo(
              wire(
                  """
                  HTTP/1.1 200 OK
                  Date: today
                  Via: 1.1 berth
                  Content-Length: 5000

                  """));
      await().until(() -> proxied.proxy.idle() == 1);
    }
  }

  @Test
  void passesInterimAnswersBackAtOnce() throws Exception {
    try (RawClient upstream = proxied.hears("GET / HTTP/1.1\nHost: shop.example\n\n")) {
      upstream.readUntil("\r\n\r\n");
      upstream.send(
          wire(
              """
              HTTP/1.1 103 Early Hints
              Link: </a.css>
              Connection: X
              X: 1

              """));
      assertThat(proxied.client.readUntil("\r\n\r\n"))
          .isEqualTo("HTTP/1.1 103 \r\nLink: </a.css>\r\n\r\n");
      upstream.send(NO_CONTENT);
      assertThat(proxied.client.readResponse()).startsWith("HTTP/1.1 204 ");
    }
  }

  @Test
  void passesWhatComesOfAnAnswerBackAtOnce() throws Exception {
    try (RawClient upstream = proxied.hears("GET / HTTP/1.1\nHost: shop.example\n\n")) {
      upstream.readUntil("\r\n\r\n");
      upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
      assertThat(proxied.client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 OK");
      upstream.send("3\r\none\r\n");
      assertThat(proxied.client.readUntil("one\r\n")).isEqualTo("3\r\none\r\n");
      upstream.send("3\r\ntwo\r\n0\r\n\r\n");
      assertThat(proxied.client.readUntil("0\r\n\r\n")).isEqualTo("3\r\ntwo\r\n0\r\n\r\n");
    }
  }

  @Test
  void theUpstreamMayAnswerWhileTheClientStillSends() throws Exception {
    try (RawClient upstream =
        proxied.hears("POST / HTTP/1.1\nHost: shop.example\nTransfer-Encoding: chunked\n\n")) {
      upstream.readUntil("\r\n\r\n");
      upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
      assertThat(proxied.client.readUntil("1\r\na\r\n")).startsWith("HTTP/1.1 200 OK");
      proxied.client.send("1\r\nb\r\n");
      assertThat(upstream.readUntil("b\r\n")).isEqualTo("1\r\nb\r\n");
      upstream.send("1\r\nc\r\n0\r\n\r\n");
      assertThat(proxied.client.readUntil("c\r\n")).isEqualTo("1\r\nc\r\n");
      proxied.client.send("0\r\n\r\n");
      assertThat(proxied.client.readUntil("0\r\n\r\n")).isEqualTo("0\r\n\r\n");
      await().until(() -> proxied.proxy.idle() == 1);
    }
  }
}
