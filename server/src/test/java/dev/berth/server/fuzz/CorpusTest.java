package dev.berth.server.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What fuzzing has found worth keeping, sent once more. */
class CorpusTest {
  private static final Path CORPUS = Path.of("src", "fuzz");

  static List<Path> heads() throws IOException {
    return files("RequestHead");
  }

  static List<Path> bodies() throws IOException {
    return files("ChunkedBody");
  }

  static List<Path> proxyHeaders() throws IOException {
    return files("ProxyHeader");
  }

  static List<Path> webSockets() throws IOException {
    return files("WebSocket");
  }

  @ParameterizedTest
  @MethodSource("heads")
  void headsAreReadAsTheGrammarDoes(Path file) throws Exception {
    RequestHeadFuzz.fuzzerTestOneInput(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @MethodSource("bodies")
  void chunkedBodiesAreReadAsTheGrammarDoes(Path file) throws Exception {
    ChunkedBodyFuzz.fuzzerTestOneInput(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @MethodSource("proxyHeaders")
  void proxyHeadersAreReadAsTheGrammarDoes(Path file) throws Exception {
    ProxyHeaderFuzz.fuzzerTestOneInput(Files.readAllBytes(file));
  }

  @ParameterizedTest
  @MethodSource("webSockets")
  void webSocketsAreReadAsTheGrammarDoes(Path file) throws Exception {
    WebSocketFuzz.fuzzerTestOneInput(Files.readAllBytes(file));
  }

  private static List<Path> files(String target) throws IOException {
    try (Stream<Path> files = Files.list(CORPUS.resolve(target))) {
      return files.sorted().toList();
    }
  }
}
