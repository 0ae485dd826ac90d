package dev.berth.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README shows code that is compiled and tested: the examples'. */
final class ReadmeTest {
  private static final Path EXAMPLES = Path.of("src/main/java/dev/berth/examples");

  private static List<String> snippets(Path text, String regex) throws IOException {
    return Pattern.compile(regex, Pattern.DOTALL)
        .matcher(Files.readString(text))
        .results()
        .map(found -> code(found.group(1)))
        .toList();
  }

  // Whatever its line breaks; the examples are started on a port that is told.
  private static String code(String text) {
    return text.replaceAll("\\s", "").replace("8080", "port").replace("Serverserver=", "return");
  }

  private static String examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      StringBuilder all = new StringBuilder();
      for (Path file : files.sorted().collect(Collectors.toList())) {
        all.append(code(Files.readString(file)));
      }
      return all.toString();
    }
  }

  @Test
  void javaInTheReadmeIsTheExamples() throws IOException {
    List<String> snippets = snippets(Path.of("../README.md"), "```java\n(.*?)```");
    String examples = examples();
    assertThat(snippets).isNotEmpty().allSatisfy(snippet -> assertThat(examples).contains(snippet));
  }

  @Test
  void theReadmeNamesEachExample() throws IOException {
    String readme = Files.readString(Path.of("../README.md"));
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .filteredOn(file -> !file.equals("package-info.java"))
          .allSatisfy(file -> assertThat(readme).contains("examples/" + file));
    }
  }
}
