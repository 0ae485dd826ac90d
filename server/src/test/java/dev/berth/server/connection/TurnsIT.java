package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.FullHeap;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Connections that never have to wait, or not for long, and others, on the one carrier there is.
 */
final class TurnsIT {
  @ParameterizedTest
  @ValueSource(strings = {"requests", "a body", "frames", "an answer", "a crowd"})
  void othersAreServedBesideOnesThatAreBusyWith(String what) throws IOException {
    assertThat(
            FullHeap.run(
                OneCarrier.class,
                "-Djdk.virtualThreadScheduler.parallelism=1",
                "-Djdk.virtualThreadScheduler.maxPoolSize=1",
                "-Dwith=" + what))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\nserved");
  }
}
