package dev.berth.benchmarks.differential;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** A counterpart's process, with a recorder behind it, until both are closed. */
final class RunningPeer implements AutoCloseable {
  private final Process process;
  private final Recorder recorder;
  private final Party party;

  private RunningPeer(Process process, Recorder recorder, Party party) {
    this.process = process;
    this.recorder = recorder;
    this.party = party;
  }

  /** Starts it in an empty folder, and waits until it answers, at most 20 seconds. */
  static RunningPeer start(Counterpart counterpart, Path folder)
      throws IOException, InterruptedException {
    Recorder recorder = Recorder.start(folder.resolve(Counterpart.RECORDER));
    Path output = folder.resolve("output.log");
    Process process =
        new ProcessBuilder(counterpart.command(folder))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    var address = UnixDomainSocketAddress.of(folder.resolve(Counterpart.SOCKET));
    var peer = new RunningPeer(process, recorder, new Party(counterpart.title(), address));
    if (!peer.answers()) {
      peer.close();
      throw new IOException(counterpart.title() + " did not start: " + Files.readString(output));
    }
    return peer;
  }

  private boolean answers() throws InterruptedException {
    Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
    while (Instant.now().isBefore(deadline) && process.isAlive()) {
      try (var _ = SocketChannel.open(party.address())) {
        return true;
      } catch (IOException notYet) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    return false;
  }

  Party party() {
    return party;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly().onExit().join();
    recorder.close();
  }
}
