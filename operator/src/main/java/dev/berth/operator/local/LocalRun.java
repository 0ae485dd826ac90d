package dev.berth.operator.local;

import dev.berth.operator.local.PolicyFile.Good;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A fleet under its control loop, with its wave, its console and its display, from start to close.
 * The loop's thread owns the fleet until close has ended it.
 */
public final class LocalRun implements AutoCloseable {
  private final Settings settings;
  private final RunDirectory directory;
  private final SocketChannel port;
  private final InetSocketAddress serving;
  private final Console console;
  private final Fleet fleet;
  private final Optional<Wave> wave;
  private final Governor governor;
  private final String header;
  private final Display display;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread loop = Thread.ofPlatform().name("loop").unstarted(this::run);

  private LocalRun(
      Good policy,
      Settings settings,
      SocketChannel port,
      InetSocketAddress serving,
      Console console,
      RunDirectory directory,
      PrintStream out,
      InstantSource time) {
    var chance = new Random();
    this.settings = settings;
    this.directory = directory;
    this.port = port;
    this.serving = serving;
    this.console = console;
    this.header = settings.header(serving, console.address());
    this.display = display(out, header);
    var launch = new Launch(serving, settings.memory(), settings.connectionCost());
    this.fleet = new Fleet(launch, directory.path(), policy.policy().minReplicas(), chance);
    this.wave = settings.wave().map(shape -> new Wave(serving, shape, chance));
    this.governor =
        new Governor(
            policy.name(),
            policy.policy(),
            fleet,
            console.metrics(),
            () -> wave.map(Wave::state),
            time);
  }

  /**
   * Starts all of it, shown on {@code out}.
   *
   * @param time what time it is, without jumps: drains end by it
   * @throws IOException with a sentence if an address is not to be had
   */
  public static LocalRun start(Good policy, Settings settings, PrintStream out, InstantSource time)
      throws IOException {
    SocketChannel port = taken("--listen", settings.listen(), () -> Ports.hold(settings.listen()));
    try {
      Console console =
          taken("--console", settings.console(), () -> new Console(settings.console()));
      var serving = (InetSocketAddress) port.getLocalAddress();
      var run =
          new LocalRun(policy, settings, port, serving, console, RunDirectory.create(), out, time);
      run.loop.start();
      return run;
    } catch (IOException | RuntimeException failure) {
      port.close();
      throw failure;
    }
  }

  private interface Binding<T> {
    T bind() throws IOException;
  }

  private static <T> T taken(String option, InetSocketAddress address, Binding<T> binding)
      throws IOException {
    try {
      return binding.bind();
    } catch (BindException unavailable) {
      throw new IOException(
          "%s %s can't be listened on: %s; name another address, or end who has it"
              .formatted(option, Settings.text(address), unavailable.getMessage()),
          unavailable);
    }
  }

  private static Display display(PrintStream out, String header) {
    ZoneId zone = ZoneId.systemDefault();
    boolean terminal =
        Optional.ofNullable(System.console()).filter(java.io.Console::isTerminal).isPresent();
    if (terminal && !"dumb".equals(System.getenv("TERM"))) {
      return new Screen(out, new Table(header, zone), System.getenv("NO_COLOR") == null);
    }
    out.println(header);
    return new PlainLines(out, zone);
  }

  private void run() {
    long due = System.nanoTime();
    try {
      do {
        long began = System.nanoTime();
        round(began);
        long ended = System.nanoTime();
        console.loop().record(Duration.ofNanos(ended - began), Duration.ofNanos(began - due));
        due = Math.max(due + settings.interval().toNanos(), ended);
      } while (!closing.await(due - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void round(long began) {
    try {
      View view = governor.round();
      display.show(view);
      console.show(header, view);
      // The page is this mode's status.
      console.loop().status(Duration.ofNanos(System.nanoTime() - began));
      if (view.processes().stream().anyMatch(line -> line.phase() == View.Phase.SERVING)) {
        wave.ifPresent(Wave::start);
      }
    } catch (IOException | RuntimeException failure) {
      governor.note("Round", "a round failed: " + failure);
    }
  }

  /** Where the fleet serves. */
  public InetSocketAddress serving() {
    return serving;
  }

  /** Where the console is. */
  public InetSocketAddress page() {
    return console.address();
  }

  /** Waits until it is closed. */
  public void await() throws InterruptedException {
    loop.join();
  }

  /** Ends the loop, then the wave, then every process, and leaves nothing behind. */
  @Override
  public void close() {
    closing.countDown();
    try {
      loop.join();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
    wave.ifPresent(Wave::close);
    fleet.close();
    console.close();
    directory.close();
    try {
      port.close();
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
