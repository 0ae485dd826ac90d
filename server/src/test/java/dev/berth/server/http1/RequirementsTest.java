package dev.berth.server.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The list of requirements in {@code docs/http1.md} names tests that exist, for each of them. */
final class RequirementsTest {
  private static final Path LIST = Path.of("docs/http1.md");
  private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT))\\.(\\w+)`");
  private static final Pattern ROW = Pattern.compile("\\| (\\d[^|]*) \\| ([^|]+) \\| ([^|]+) \\|");
  private static final List<String> PACKAGES =
      List.of(
          RequirementsTest.class.getPackageName(),
          "dev.berth.server.connection",
          "dev.berth.server.proxy");

  static Stream<String> named() throws IOException {
    return TEST.matcher(Files.readString(LIST)).results().map(MatchResult::group).distinct();
  }

  @ParameterizedTest
  @MethodSource("named")
  void existAsNamed(String name) {
    List<String> parts = List.of(name.replace("`", "").split("\\."));

    assertThat(PACKAGES.stream().flatMap(place -> tests(place + "." + parts.getFirst())))
        .contains(parts.getLast());
  }

  private static Stream<String> tests(String className) {
    try {
      return Arrays.stream(Class.forName(className).getDeclaredMethods())
          .filter(RequirementsTest::isTest)
          .map(Method::getName);
    } catch (ClassNotFoundException elsewhere) {
      return Stream.empty();
    }
  }

  private static boolean isTest(Method method) {
    return method.isAnnotationPresent(Test.class)
        || method.isAnnotationPresent(ParameterizedTest.class)
        || method.isAnnotationPresent(net.jqwik.api.Property.class);
  }

  @Test
  void haveAnAnswerInEachRow() throws IOException {
    List<String> rows =
        Files.readAllLines(LIST).stream().filter(line -> line.matches("\\| \\d.*")).toList();

    assertThat(rows).hasSizeGreaterThan(150).allMatch(row -> ROW.matcher(row).matches());
  }
}
