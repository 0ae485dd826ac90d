package dev.berth.server.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Reads the kinds of small file in which the kernel shows its figures. */
final class KernelFile {
  private KernelFile() {}

  static String text(Path file) {
    try {
      return new String(
          Files.readAllBytes(file),
          StandardCharsets.ISO_8859_1); // paths may hold any byte; figures are ASCII
    } catch (IOException e) {
      throw new UncheckedIOException(
          "The kernel's memory figures in " + file + " can't be read: " + e.getMessage(), e);
    }
  }

  /**
   * The figure of a file that holds nothing else; {@code max}, and what is too large for a long,
   * read as the largest long.
   */
  static long figure(Path file) {
    String text = text(file).strip();
    if (text.equals("max")) {
      return Long.MAX_VALUE;
    }
    try {
      return text.startsWith("-") ? Long.MAX_VALUE : Long.parseUnsignedLong(text) & Long.MAX_VALUE;
    } catch (NumberFormatException e) {
      throw new UncheckedIOException(
          new IOException(
              file + " holds '" + text + "' where the kernel writes a number or max", e));
    }
  }

  /**
   * The figure behind {@code key} in a file of lines {@code key figure} or {@code key: figure kB},
   * in bytes, or empty if there is no such line.
   */
  static OptionalLong figure(Path file, String key) {
    return text(file)
        .lines()
        .map(line -> line.split("[\\s:]+", 3))
        .filter(words -> words.length > 1 && words[0].equals(key))
        .mapToLong(words ->
            Long.parseLong(words[1]) * (words.length > 2 && words[2].equals("kB") ? 1024 : 1))
        .findFirst();
  }

  /** The figure behind a key that every kernel writes. */
  static long requiredFigure(Path file, String key) {
    return figure(file, key)
        .orElseThrow(() -> new UncheckedIOException(new IOException(file + " has no line " + key)));
  }
}
