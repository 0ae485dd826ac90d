package dev.berth.benchmarks.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** The flags that the JVM has in Berth's image, from the file that the image has too. */
public final class ImageFlags {
  private ImageFlags() {}

  /** Those, and one more. */
  public static List<String> with(String flag) {
    try (var file = ImageFlags.class.getResourceAsStream("/jvm.options")) {
      String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
      Stream<String> lines = text.lines().filter(line -> line.startsWith("-"));
      return Stream.concat(lines, Stream.of(flag)).toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
