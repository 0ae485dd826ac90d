package dev.berth.benchmarks.calm;

import dev.berth.benchmarks.peer.ProcessStatus;
import dev.berth.benchmarks.peer.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The server under attack, alone in a process of its own. */
final class Victim implements AutoCloseable {
  private static final double MEBI = 1 << 20;

  private final Process process;
  private final InetSocketAddress address;

  private Victim(Process process, InetSocketAddress address) {
    this.process = process;
    this.address = address;
  }

  /** Starts one, with its files and its log in {@code folder}, and waits until it is there. */
  static Victim start(Contender contender, int limit, boolean patient, Cores cores, Path folder)
      throws IOException, InterruptedException {
    int port = ServerProcess.freePort();
    List<String> command = contender.command(folder, port, limit, patient);
    Path log = folder.resolve(contender.title() + ".log");
    Process process =
        new ProcessBuilder(cores.forVictim(command))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Victim victim = new Victim(process, address);
    for (int look = 0; look < 200 && !victim.listens(); look++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return victim;
  }

  private boolean listens() {
    try (Socket probe = new Socket()) {
      probe.connect(address);
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  InetSocketAddress address() {
    return address;
  }

  boolean alive() {
    return process.isAlive();
  }

  /**
   * A look at the process, as the kernel knows it.
   *
   * @param files descriptors that are open, most of them connections
   * @param resident memory in MiB; and the most it has ever been
   * @param processor the time that it has taken so far
   */
  record Look(long files, double resident, double peak, Duration processor) {
    String line(String name) {
      return String.format(
          Locale.ROOT,
          "%-34s %7d descriptors %7.1f MiB resident, %.1f at most",
          name,
          files,
          resident,
          peak);
    }

    double seconds(Look since) {
      return processor.minus(since.processor).toMillis() / 1e3;
    }
  }

  Look look() throws IOException {
    long pid = process.pid();
    try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return new Look(
          files.count(),
          ProcessStatus.bytes(pid, "VmRSS") / MEBI,
          ProcessStatus.bytes(pid, "VmHWM") / MEBI,
          process.info().totalCpuDuration().orElse(Duration.ZERO));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
