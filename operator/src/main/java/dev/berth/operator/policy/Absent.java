package dev.berth.operator.policy;

import org.jspecify.annotations.Nullable;

/** What stands for a field that a document leaves out: Jackson passes null for it. */
final class Absent {
  private Absent() {}

  static <T> T or(@Nullable T written, T otherwise) {
    return written == null ? otherwise : written;
  }

  static boolean is(@Nullable Object written) {
    return written == null;
  }
}
