package dev.berth.benchmarks.calm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures how long ordinary clients wait while others attack, beside how long they wait without.
 * Exits with 1 if that is more than twice as long, if one of them got an error, or if the server
 * took more memory than it may.
 */
@Command(
    name = "calm",
    mixinStandardHelpOptions = true,
    description = "the other clients' latency under attack, beside that without")
public final class Calm {
  private static final int ORDINARY = 200;
  private static final int ADMITTED = 1_000;
  private static final double BEARABLE = 2;

  @Option(
      names = "--rate",
      defaultValue = "1000",
      description = "requests per second of all ordinary clients; default ${DEFAULT-VALUE}")
  private int rate;

  @Option(
      names = "--unloaded",
      defaultValue = "15",
      description = "seconds without attack; default ${DEFAULT-VALUE}")
  private int unloaded;

  @Option(
      names = "--memory",
      defaultValue = "512",
      description = "MiB that the server may take at most; default ${DEFAULT-VALUE}")
  private int memory;

  @Option(
      names = "--out",
      defaultValue = "target/calm",
      description = "folder for slowhttptest's reports and logs; default ${DEFAULT-VALUE}")
  private Path out = Path.of("");

  private Calm() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Calm()).execute(arguments));
  }

  @Command(description = "slowhttptest's modes")
  int slow(
      @Option(names = "--connections", defaultValue = "10000") int connections,
      @Option(names = "--seconds", defaultValue = "60") int seconds,
      @Option(
              names = "--default-timeouts",
              description = "end slow clients as by default, rather than bear them")
          boolean defaultTimeouts,
      @Parameters(arity = "0..*", description = "${COMPLETION-CANDIDATES}; default: all")
          @Nullable List<SlowMode> modes)
      throws Exception {
    List<String> patient =
        List.of("--header-timeout", "5m", "--read-timeout", "5m", "--write-timeout", "5m");
    boolean calm = true;
    for (SlowMode mode : modes == null ? List.of(SlowMode.values()) : modes) {
      calm &=
          run(
              "slow " + mode.name().toLowerCase(Locale.ROOT),
              connections * 6 / 5,
              defaultTimeouts ? List.of() : patient,
              ORDINARY,
              berth -> mode.attack(berth.address(), connections, seconds, out),
              seconds);
    }
    return calm ? 0 : 1;
  }

  @Command(description = "more new connections per second than there is a place for")
  int storm(
      @Option(names = "--per-second", defaultValue = "5000") int perSecond,
      @Option(names = "--seconds", defaultValue = "20") int seconds)
      throws Exception {
    boolean calm =
        run(
            "storm of " + perSecond + "/s",
            ADMITTED,
            List.of(),
            ADMITTED,
            berth -> storm(berth.address().getPort(), perSecond, seconds),
            seconds);
    return calm ? 0 : 1;
  }

  private Process storm(int port, int perSecond, int seconds) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmn64m",
            "-cp",
            System.getProperty("java.class.path"),
            Storm.class.getName(),
            Integer.toString(port),
            Integer.toString(perSecond),
            Integer.toString(seconds))
        .redirectErrorStream(true)
        .redirectOutput(out.resolve("storm.log").toFile())
        .start();
  }

  private interface Attack {
    Process on(BerthProcess berth) throws IOException;
  }

  private boolean run(
      String name, int limit, List<String> options, int clients, Attack attack, int seconds)
      throws IOException, InterruptedException {
    Files.createDirectories(out);
    System.out.printf("%n%s: %d clients ask %d times a second%n", name, clients, rate);
    try (BerthProcess berth = BerthProcess.start(out.resolve("berth.log"), limit, options);
        OrdinaryClients ordinary = OrdinaryClients.start(berth.address(), clients, rate)) {
      ordinary.measure(unloaded / 2);
      System.out.println(Figures.HEAD);
      Figures before = ordinary.measure(unloaded);
      System.out.println(before.line("unloaded"));
      BerthProcess.Look lookBefore = berth.look();
      Process attacking = attack.on(berth);
      Figures during = ordinary.measure(seconds);
      BerthProcess.Look lookDuring = berth.look();
      System.out.println(during.line(name));
      System.out.println(during.ratio(before));
      attacking.waitFor(20, TimeUnit.SECONDS);
      attacking.destroyForcibly();
      TimeUnit.SECONDS.sleep(2);
      BerthProcess.Look lookAfter = berth.look();
      System.out.println(lookBefore.line("before"));
      System.out.println(lookDuring.line("at the end of it"));
      System.out.println(lookAfter.line("after"));
      said();
      boolean calm =
          berth.alive()
              && during.errors() == 0
              && during.p99() <= BEARABLE * before.p99()
              && lookAfter.peak() <= memory;
      System.out.println(calm ? "calm" : "NOT calm");
      return calm;
    }
  }

  private void said() throws IOException {
    Path storm = out.resolve("storm.log");
    if (Files.exists(storm)) {
      System.out.print(Files.readString(storm, StandardCharsets.UTF_8));
      Files.delete(storm);
    }
  }
}
