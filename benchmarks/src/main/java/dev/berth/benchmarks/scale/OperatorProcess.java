package dev.berth.benchmarks.scale;

import dev.berth.benchmarks.peer.ProcessStatus;
import dev.berth.benchmarks.peer.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The operator in a process of its own, with its image's flags, and its memory bound where that can
 * be had.
 */
final class OperatorProcess implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Process process;
  private final int port;
  private final Optional<MemoryBound> bound;

  private OperatorProcess(Process process, int port, Optional<MemoryBound> bound) {
    this.process = process;
    this.port = port;
    this.bound = bound;
  }

  /**
   * Starts it.
   *
   * @param start what starts it, up to its arguments
   * @param memory bytes that its container would have
   * @param flags further ones of the JVM
   */
  static OperatorProcess start(
      List<String> start, Path kubeconfig, Path log, long memory, List<String> flags)
      throws IOException {
    int port = ServerProcess.freePort();
    Optional<MemoryBound> bound = MemoryBound.of(memory);
    var command = new ArrayList<>(start);
    var further = new ArrayList<>(flags);
    // Where there is no cgroup, its heap's share of memory is the container's all the same
    further.add("-XX:MaxRAM=" + memory);
    command.addAll(command.indexOf("-cp"), further);
    command.addAll(List.of("run", "--leader-election=false", "--listen=127.0.0.1:" + port));
    List<String> whole = bound.map(each -> each.around(command)).orElse(command);
    var builder = new ProcessBuilder(whole).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("KUBECONFIG", kubeconfig.toString());
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    return new OperatorProcess(builder.start(), port, bound);
  }

  long pid() {
    return process.pid();
  }

  /** Its own metrics, now. */
  Readings metrics() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build();
    return Readings.of(HTTP.send(request, BodyHandlers.ofString()).body());
  }

  /** Resident bytes. */
  long resident() throws IOException {
    return ProcessStatus.bytes(pid(), "VmRSS");
  }

  Optional<MemoryBound> bound() {
    return bound;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    process.onExit().completeOnTimeout(process, 20, TimeUnit.SECONDS).join();
    process.destroyForcibly().onExit().join();
    if (bound.isPresent()) {
      bound.get().close();
    }
  }
}
