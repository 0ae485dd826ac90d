package dev.berth.operator.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Pod;
import dev.berth.server.limit.PodAnnotations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnnotationsFileTest {
  private static final Pod.Marks DRAINING =
      new Pod.Marks(OptionalInt.of(840), 3, Optional.of(Instant.parse("2026-01-01T00:00:00Z")));

  @Test
  void itReadsAsTheKubeletWrites() {
    assertThat(AnnotationsFile.text(DRAINING))
        .isEqualTo(
            """
            berth.dev/drain="true"
            berth.dev/generation="3"
            berth.dev/limit="840\"\
            """);
  }

  @Test
  void leaveToGoWhileFullReadsSo() {
    assertThat(AnnotationsFile.text(Pod.Marks.NONE.leaving(true)))
        .isEqualTo("berth.dev/leave-when-full=\"true\"");
  }

  @Test
  void nothingMarkedIsAnEmptyFile() {
    assertThat(AnnotationsFile.text(Pod.Marks.NONE)).isEmpty();
  }

  @Test
  void theServerReadsWhatIsWritten(@TempDir Path directory) throws IOException {
    var file = new AnnotationsFile(directory.resolve("annotations"));

    file.write(Pod.Marks.NONE);
    file.write(DRAINING);

    assertThat(PodAnnotations.parse(Files.readString(file.path())))
        .isEqualTo(
            new PodAnnotations(
                OptionalInt.of(840),
                OptionalLong.of(3),
                Optional.of(true),
                false,
                Optional.empty()));
    assertThat(directory).isDirectoryNotContaining("glob:**.next");
  }
}
