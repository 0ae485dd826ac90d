package dev.berth.operator.simulate;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * What a file with a trace holds: lines that begin with # and empty ones are comments, the first
 * other line names the columns, and each further one is a row.
 */
public sealed interface TraceFile {
  /** A trace. */
  record Good(Trace trace) implements TraceFile {}

  /** Something else: {@code sentence} says what is wrong, where, and what would be right. */
  record Bad(String sentence) implements TraceFile {}

  /** Reads a file. */
  static TraceFile read(Path file) {
    try {
      return new Good(TraceLines.parse(withoutMark(Files.readString(file))));
    } catch (IOException unreadable) {
      return new Bad(file + " can't be read: " + why(unreadable));
    } catch (TraceLines.Malformed malformed) {
      return new Bad(file + malformed.getMessage());
    }
  }

  // Spreadsheets begin a text in UTF-8 with a byte order mark.
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static String why(IOException failure) {
    return switch (failure) {
      case NoSuchFileException missing -> "there is no such file";
      case AccessDeniedException denied -> "permission denied";
      case CharacterCodingException binary -> "it is no text in UTF-8";
      default -> String.valueOf(failure.getMessage());
    };
  }
}
