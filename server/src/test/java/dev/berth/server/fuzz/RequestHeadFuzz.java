package dev.berth.server.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.fuzz.HeadGrammar.Field;
import dev.berth.server.fuzz.HeadGrammar.Head;
import dev.berth.server.http1.Conversation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Any octets as the beginning of a connection: a handler gets a request if and only if the grammar
 * takes its head, and gets what the grammar reads; however the octets are cut up; and what was
 * taken reads the same once more when it is written anew.
 */
public final class RequestHeadFuzz {
  private RequestHeadFuzz() {}

  public static void fuzzerTestOneInput(byte[] octets) throws Exception {
    String sent = new String(octets, StandardCharsets.ISO_8859_1);
    Optional<Head> expected = HeadGrammar.parse(sent);
    List<String> names =
        expected.map(head -> head.fields().stream().map(Field::name).toList()).orElse(List.of());

    assertThat(taken(List.of(sent), names)).isEqualTo(expected.map(Seen::of));
    assertThat(taken(Splits.some(sent, Arrays.hashCode(octets)), names))
        .isEqualTo(expected.map(Seen::of));
    assertThat(taken(Splits.all(sent), names)).isEqualTo(expected.map(Seen::of));
    if (expected.isPresent()) {
      assertThat(taken(List.of(rewritten(expected.get())), names))
          .isEqualTo(expected.map(Seen::of));
    }
  }

  /** What a handler sees of a head; the values of each of the fields that it asks for. */
  private record Seen(
      String method,
      String path,
      Optional<String> query,
      String protocol,
      List<List<String>> values) {
    static Seen of(Head head) {
      return new Seen(
          head.method(),
          head.path(),
          head.query(),
          head.oldVersion() ? "HTTP/1.0" : "HTTP/1.1",
          head.fields().stream().map(field -> head.values(field.name())).toList());
    }
  }

  private static Optional<Seen> taken(List<String> pieces, List<String> names) throws Exception {
    List<Seen> taken = new ArrayList<>();
    Conversation.of(
        (request, response) -> {
          taken.add(
              new Seen(
                  request.method(),
                  request.path(),
                  request.query(),
                  request.protocol(),
                  names.stream().map(request::headers).toList()));
          response.header("Connection", "close");
        },
        pieces);
    assertThat(taken).hasSizeLessThanOrEqualTo(1);
    return taken.stream().findFirst();
  }

  private static String rewritten(Head head) {
    return head.method()
        + " "
        + head.path()
        + head.query().map(query -> "?" + query).orElse("")
        + (head.oldVersion() ? " HTTP/1.0\r\n" : " HTTP/1.1\r\n")
        + head.fields().stream()
            .map(field -> field.name() + ":" + field.value() + "\r\n")
            .collect(Collectors.joining())
        + "\r\n";
  }
}
