package dev.berth.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.fuzz.ChunkedGrammar.Body;
import dev.berth.server.fuzz.Heard.Requests;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Any octets as a chunked body and what comes after it: a handler gets the content if and only if
 * the grammar takes the body, and gets what the grammar reads; the next request begins where the
 * grammar says that the body ends; however the octets are cut up, and however they are read, or not
 * read at all.
 */
public final class ChunkedBodyFuzz {
  private static final String HEAD =
      "POST /chunked HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";

  private ChunkedBodyFuzz() {}

  public static void fuzzerTestOneInput(byte[] octets) throws Exception {
    int chance = Arrays.hashCode(octets);
    var reading = new Reading(chance);
    String after = new String(octets, StandardCharsets.ISO_8859_1) + NEXT;
    Requests expected = expected(after, reading);

    assertThat(Requests.of(List.of(HEAD + after), reading)).isEqualTo(expected);
    assertThat(Requests.of(Splits.some(HEAD + after, chance), reading)).isEqualTo(expected);
    assertThat(Requests.of(Splits.all(HEAD + after), reading)).isEqualTo(expected);
    assertUnreadAlike(HEAD + after, expected);
    if (!expected.requests().isEmpty()) {
      String content = expected.requests().getFirst().content();
      assertThat(content.length()).isLessThanOrEqualTo(octets.length);
      assertThat(Requests.of(List.of(HEAD + rewritten(content)), reading).requests())
          .isEqualTo(expected.requests().subList(0, 1));
    }
  }

  // A handler that doesn't read is given a request whose body turns out malformed, and that is all.
  private static void assertUnreadAlike(String sent, Requests expected) throws Exception {
    List<String> unread = lines(Requests.of(List.of(sent), Reading.NONE));
    List<String> read = lines(expected);
    assertThat(unread).hasSizeBetween(read.size(), read.size() + 1);
    assertThat(unread.subList(0, read.size())).isEqualTo(read);
  }

  private static List<String> lines(Requests requests) {
    return requests.requests().stream()
        .map(heard -> heard.method() + " " + heard.path() + " " + heard.query())
        .toList();
  }

  private static Requests expected(String after, Reading reading) throws Exception {
    Optional<Body> body = ChunkedGrammar.parse(after);
    if (body.isEmpty()) {
      return new Requests(List.of(), true);
    }
    var chunked = new Heard("POST", "/chunked", Optional.empty(), body.get().content());
    Requests rest = Requests.of(List.of(after.substring(body.get().end())), reading);
    List<Heard> all = new ArrayList<>(List.of(chunked));
    all.addAll(rest.requests());
    return new Requests(all, rest.refused());
  }

  private static String rewritten(String content) {
    String last = "0\r\n\r\n";
    return content.isEmpty()
        ? last
        : Integer.toHexString(content.length()) + "\r\n" + content + "\r\n" + last;
  }
}
