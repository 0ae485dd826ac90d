package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** However the network cuts up what a client sends, the answers are the same. */
final class SplitsTest {
  private static final Handler TELL =
      (request, response) ->
          response.text(
              request.method()
                  + " "
                  + request.path()
                  + " "
                  + request.headers("A")
                  + " "
                  + new String(request.body().readAllBytes(), StandardCharsets.ISO_8859_1));

  private static final List<String> SENT =
      List.of(
          "GET /1 HTTP/1.1\r\nHost: x\r\nA: b\r\na:   c  \r\n\r\n",
          "POST /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 12\r\n\r\nGET / HTTP/1",
          "POST /3 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5;e=f\r\nab\r\nc\r\n1\r\n-\r\n0\r\nT: u\r\n\r\n",
          "POST /10 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1 ; e = \"f\\\"\";g\r\nh\r\n0;i\r\nA: b\r\n\r\n",
          "POST /11 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;\r\nh\r\n0\r\n\r\n",
          "GET http://other:80/12%20?q HTTP/1.1\r\nHost: x:80\r\n\r\n",
          "GET /13%2 HTTP/1.1\r\nHost: x\r\n\r\n",
          "\r\nHEAD /4?q HTTP/1.1\r\nhost: x\r\n\r\n",
          "GET /5 HTTP/1.1\r\nHost: x\r\nBad header: x\r\n\r\n",
          "GET /6 HTTP/1.1\nHost: x\r\n\r\n",
          "POST /7 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcdef\r\n0\r\n\r\n",
          "GET /8 HTTP/1.1\r\nHost: x\r\nA: " + "long ".repeat(500) + "\r\n\r\n",
          "GET /9 HTTP/1.1\r\nHost: x\r\nA: " + "long ".repeat(1000) + "\r\n\r\n");

  @Provide
  Arbitrary<String> conversations() {
    return Arbitraries.of(SENT)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6)
        .map(requests -> String.join("", requests));
  }

  @Property(tries = 500)
  void anySplitGivesTheSameAnswers(@ForAll("conversations") String sent, @ForAll List<Integer> cuts)
      throws Exception {
    assertThat(Conversation.of(TELL, split(sent, cuts)).answer())
        .isEqualTo(Conversation.of(TELL, sent).answer());
  }

  @Property(tries = 50)
  void aByteAtATimeGivesTheSameAnswers(@ForAll("conversations") String sent) throws Exception {
    assertThat(Conversation.of(TELL, List.of(sent.split(""))).answer())
        .isEqualTo(Conversation.of(TELL, sent).answer());
  }

  /** No bytes whatever make the parser fail in a way of its own. */
  @Property(tries = 2000)
  void anyBytesAreServedOrRefused(@ForAll("noise") String sent) throws Exception {
    String answer = Conversation.of(TELL, sent).answer();

    assertThat(answer).matches(text -> text.isEmpty() || text.startsWith("HTTP/1.1 "));
  }

  @Provide
  Arbitrary<String> noise() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "GET",
            " ",
            "/",
            "HTTP/1.1",
            "\r\n",
            "\r",
            "\n",
            "Host: x",
            ":",
            "Content-Length: 3",
            "Transfer-Encoding: chunked",
            "abc",
            "5",
            "0",
            ";",
            "\0",
            "\u00ff",
            "Expect: 100-continue",
            "Connection: close",
            "POST / HTTP/1.1\r\nHost: x\r\n");
    return pieces.list().ofMaxSize(20).map(list -> String.join("", list));
  }

  private static List<String> split(String sent, List<Integer> cuts) {
    TreeSet<Integer> places = new TreeSet<>();
    cuts.forEach(cut -> places.add(Math.floorMod(cut, sent.length() + 1)));
    List<String> pieces = new ArrayList<>();
    int from = 0;
    for (int place : places) {
      pieces.add(sent.substring(from, place));
      from = place;
    }
    pieces.add(sent.substring(from));
    return pieces;
  }
}
