package dev.berth.operator.local;

import dev.berth.operator.decide.Pod;
import dev.berth.server.limit.PodAnnotations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file that stands for a pod's annotations, written as the kubelet projects them: a line {@code
 * key="value"} each, sorted by key, no newline at the end, the file replaced as a whole.
 */
record AnnotationsFile(Path path) {

  /** Writes what the marks say. */
  void write(Pod.Marks marks) throws IOException {
    Path next = path.resolveSibling(path.getFileName() + ".next");
    Files.writeString(next, text(marks));
    Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static String text(Pod.Marks marks) {
    Map<String, String> annotations = new TreeMap<>();
    marks
        .limit()
        .ifPresent(limit -> {
          annotations.put(PodAnnotations.LIMIT, Integer.toString(limit));
          annotations.put(PodAnnotations.GENERATION, Long.toString(marks.generation()));
        });
    if (marks.mayLeave()) {
      annotations.put(PodAnnotations.LEAVE_WHEN_FULL, "true");
    }
    marks.drainingSince().ifPresent(since -> annotations.put(PodAnnotations.DRAIN, "true"));
    return annotations.entrySet().stream()
        .map(each -> "%s=\"%s\"".formatted(each.getKey(), each.getValue()))
        .collect(Collectors.joining("\n"));
  }
}
