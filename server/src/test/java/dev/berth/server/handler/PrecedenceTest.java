package dev.berth.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.http1.Conversation;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The router against its definition, written down another way: all patterns tried, the best taken.
 */
final class PrecedenceTest {
  @Property
  void theBestOfAllPatternsThatMatchIsTaken(
      @ForAll("patterns") Set<String> patterns, @ForAll("paths") String path) throws Exception {
    Router.Builder builder = Router.builder().fallback((request, response) -> {});
    for (String pattern : patterns) {
      builder.get(pattern, (request, response) -> response.text(pattern));
    }
    String answer =
        Conversation.of(builder.build(), "GET " + path + " HTTP/1.1\r\nHost: berth\r\n\r\n")
            .answer();

    Optional<String> best =
        patterns.stream()
            .filter(pattern -> matches(pattern, path))
            .min(Comparator.comparing(PrecedenceTest::rank));
    assertThat(answer).endsWith("\r\n\r\n" + best.orElse(""));
  }

  private static boolean matches(String pattern, String path) {
    String expression =
        Pattern.compile("\\{(\\w)}|\\{r\\.\\.\\.}")
            .matcher(pattern)
            .replaceAll(part -> part.group(1) == null ? ".*" : "[^/]+");
    return path.matches(expression);
  }

  // Sorts as precedence does: in each segment a literal is least.
  private static String rank(String pattern) {
    return List.of(pattern.substring(1).split("/", -1)).stream()
        .map(part -> part.startsWith("{r") ? "2" : part.startsWith("{") ? "1" : "0")
        .collect(Collectors.joining());
  }

  @Provide
  Arbitrary<Set<String>> patterns() {
    Arbitrary<String> segment = Arbitraries.of("a", "b", "", "{p}");
    Arbitrary<String> last = Arbitraries.of("a", "b", "", "{p}", "{r...}");
    return segment
        .list()
        .ofMaxSize(2)
        .flatMap(first -> last.map(end -> path(first, end)))
        .filter(pattern -> pattern.indexOf("{p}") == pattern.lastIndexOf("{p}"))
        .set()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> paths() {
    Arbitrary<String> segment = Arbitraries.of("a", "b", "c", "");
    return segment.list().ofMaxSize(3).flatMap(first -> segment.map(end -> path(first, end)));
  }

  private static String path(List<String> first, String end) {
    return first.stream().map(part -> "/" + part).collect(Collectors.joining()) + "/" + end;
  }
}
