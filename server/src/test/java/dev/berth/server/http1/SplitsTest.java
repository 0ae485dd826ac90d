package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.handler.Handler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;

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

  private static final Handler TELL_METHOD =
      (request, response) -> TELL.handle(request, response.header("M", request.method()));

  private static final Pattern HEAD =
      Pattern.compile("HTTP/1\\.1 (?<status>100|200|[45]\\d\\d) (?:[^\r\n]+\r\n)+\r\n");
  private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: (\\d+)\r\n");

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

  /**
   * What is left of requests after anything happened to them, each is served, or the last refused.
   */
  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void whateverBecomesOfRequestsTheyAreServedOrRefused(@ForAll("damaged") String sent)
      throws Exception {
    String answers = Conversation.of(TELL_METHOD, sent).answer();

    boolean refused = false;
    for (int at = 0; at < answers.length(); ) {
      assertThat(refused).as("refused before: %s", answers).isFalse();
      Matcher head = HEAD.matcher(answers).region(at, answers.length());
      assertThat(head.lookingAt()).as("%s at %d", answers, at).isTrue();
      refused = !head.group("status").equals("200") && !head.group("status").equals("100");
      assertThat(!refused || head.group().contains("\r\nConnection: close\r\n")).isTrue();
      at = head.end() + content(head.group());
    }
    assertThat(answers.isEmpty() && sent.stripLeading().contains("\r\n\r\n")).isFalse();
  }

  private static int content(String head) {
    Matcher length = LENGTH.matcher(head);
    boolean none = head.contains("\r\nM: HEAD\r\n") || !length.find();
    return none ? 0 : Integer.parseInt(length.group(1));
  }

  /** Conversations in which some places were replaced by something else. */
  @Provide
  Arbitrary<String> damaged() {
    Arbitrary<String> others =
        Arbitraries.oneOf(
            Arbitraries.of(
                "",
                " ",
                "\r\n",
                "\r",
                "\n",
                ":",
                "\r\nContent-Length: 3",
                "\r\nTransfer-Encoding: chunked",
                "\r\nExpect: 100-continue",
                "\r\nConnection: close",
                "5",
                "0",
                ";",
                "HTTP/1.0"),
            Arbitraries.chars().range('a', 'z').map(String::valueOf),
            Arbitraries.chars().range('\0', '\u00ff').map(String::valueOf));
    Arbitrary<UnaryOperator<String>> damage =
        Combinators.combine(
                Arbitraries.integers()
                    .between(0, 1000)
                    .withDistribution(RandomDistribution.uniform()),
                Arbitraries.integers().between(0, 3),
                others)
            .as((place, length, other) ->
                text -> {
                  int from = place % (text.length() + 1);
                  int to = Math.min(text.length(), from + length);
                  return text.substring(0, from) + other + text.substring(to);
                });
    return Combinators.combine(
            Arbitraries.of(SENT.stream().filter(each -> each.length() < 200).toList())
                .list()
                .ofMinSize(1)
                .ofMaxSize(4),
            damage.list().ofMinSize(1).ofMaxSize(2))
        .as((requests, damages) -> {
          String text = String.join("", requests);
          for (UnaryOperator<String> each : damages) {
            text = each.apply(text);
          }
          return text;
        });
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
