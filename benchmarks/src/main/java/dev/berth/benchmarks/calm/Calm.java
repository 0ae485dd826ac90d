package dev.berth.benchmarks.calm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * Exits with 1 if that is more than twice as long with Berth, if one of them got an error, or if
 * the server took more memory than it may.
 */
@Command(
    name = "calm",
    mixinStandardHelpOptions = true,
    description = "the other clients' latency under attack, beside that without")
public final class Calm {
  private static final int ORDINARY = 200;
  private static final int ADMITTED = 1_000;
  private static final double BEARABLE = 2;
  // How much more often they ask at first.
  private static final int WARM_UP = 10;
  // A smaller attack of the same kind comes before all that is measured, in more of a hurry.
  private static final int WARM_UP_CONNECTIONS = 2_000;
  private static final int WARM_UP_SECONDS = 8;
  private static final int INTERVAL = 10;
  private static final int CALM_AGAIN_SECONDS = 5;

  @Option(
      names = "--servers",
      split = ",",
      defaultValue = "BERTH",
      description = "in turn: ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}")
  private List<Contender> contenders = List.of();

  @Option(
      names = "--cores",
      defaultValue = "SHARED",
      description =
          "SHARED: all run on all processors; APART: the attacker on the first, the others on the"
              + " rest; default ${DEFAULT-VALUE}")
  private Cores cores = Cores.SHARED;

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

  private final List<String> summary = new ArrayList<>();

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
    List<Attack> attacks = new ArrayList<>();
    for (SlowMode mode : modes == null ? List.of(SlowMode.values()) : modes) {
      attacks.add(
          new Attack(
              mode.title(),
              seconds,
              ORDINARY,
              connections + 2 * ORDINARY,
              !defaultTimeouts,
              (server, folder) ->
                  mode.command(server, WARM_UP_CONNECTIONS, WARM_UP_SECONDS, 1, folder),
              (server, folder) -> mode.command(server, connections, seconds, INTERVAL, folder)));
    }
    return run(attacks);
  }

  @Command(description = "more new connections per second than there is a place for")
  int storm(
      @Option(names = "--per-second", defaultValue = "5000") int perSecond,
      @Option(names = "--seconds", defaultValue = "20") int seconds)
      throws Exception {
    return run(
        List.of(
            new Attack(
                "storm",
                seconds,
                ADMITTED,
                ADMITTED,
                false,
                (server, _) -> Storm.command(server.getPort(), perSecond, WARM_UP_SECONDS),
                (server, _) -> Storm.command(server.getPort(), perSecond, seconds))));
  }

  private interface Attacker {
    List<String> command(InetSocketAddress server, Path folder);
  }

  /**
   * What is done to a server.
   *
   * @param clients how many ask as usual meanwhile
   * @param limit the server's limit
   * @param patient whether the server has long timeouts, so that it has to bear the attack
   * @param warmUp the same for a short time, before anything is measured
   */
  private record Attack(
      String title,
      int seconds,
      int clients,
      int limit,
      boolean patient,
      Attacker warmUp,
      Attacker attacker) {}

  private int run(List<Attack> attacks) throws IOException, InterruptedException {
    cores.takeOwn();
    boolean calm = true;
    for (Attack attack : attacks) {
      for (Contender contender : contenders) {
        calm &= run(attack, contender) || contender != Contender.BERTH;
      }
    }
    System.out.printf("%n%s%n", Figures.ROW_HEAD);
    summary.forEach(System.out::println);
    System.out.println("reports and logs: " + out.toAbsolutePath());
    return calm ? 0 : 1;
  }

  private boolean run(Attack attack, Contender contender) throws IOException, InterruptedException {
    String name = attack.title() + ", " + contender.title();
    Path folder = Files.createDirectories(out.resolve(contender.title()));
    System.out.printf("%n%s: %d clients ask %d times a second%n", name, attack.clients(), rate);
    try (Victim victim = Victim.start(contender, attack.limit(), attack.patient(), cores, folder);
        OrdinaryClients ordinary =
            OrdinaryClients.start(victim.address(), attack.clients(), rate)) {
      // What the compilers of both processes take at first is no part of the attack.
      ordinary.ask(WARM_UP * rate);
      ordinary.measure(unloaded / 2);
      ordinary.ask(rate);
      Path aside = Files.createDirectories(folder.resolve("warm-up"));
      Process warmingUp = start(attack.title(), attack.warmUp(), victim.address(), aside);
      warmingUp.waitFor(3L * WARM_UP_SECONDS, TimeUnit.SECONDS);
      warmingUp.destroyForcibly();
      ordinary.measure(CALM_AGAIN_SECONDS);
      System.out.println(Figures.HEAD);
      Figures before = ordinary.measure(unloaded);
      System.out.println(before.line("unloaded"));
      Victim.Look lookBefore = victim.look();
      Process attacking = start(attack.title(), attack.attacker(), victim.address(), folder);
      Figures during = ordinary.measure(attack.seconds());
      Victim.Look lookDuring = victim.look();
      double attackers = attacking.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
      System.out.println(during.line(name));
      System.out.println(during.ratio(before));
      System.out.println(during.timeline());
      attacking.waitFor(20, TimeUnit.SECONDS);
      attacking.destroyForcibly();
      TimeUnit.SECONDS.sleep(2);
      Victim.Look lookAfter = victim.look();
      System.out.println(lookBefore.line("before"));
      System.out.println(lookDuring.line("at the end of it"));
      System.out.println(lookAfter.line("after"));
      double victims = lookDuring.seconds(lookBefore);
      System.out.printf(
          Locale.ROOT,
          "processor time: %.2f s of the server, %.2f s of the attacker%n",
          victims,
          attackers);
      summary.add(during.row(name, before, victims, lookAfter.peak()));
      return isCalm(before, during, victim.alive(), lookAfter);
    }
  }

  private Process start(String title, Attacker attacker, InetSocketAddress server, Path folder)
      throws IOException {
    List<String> command = attacker.command(server, folder);
    return new ProcessBuilder(cores.forAttacker(command))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(title + ".txt").toFile())
        .start();
  }

  private boolean isCalm(Figures before, Figures during, boolean alive, Victim.Look after) {
    boolean calm =
        alive
            && during.errors() == 0
            && during.p99() <= BEARABLE * before.p99()
            && after.peak() <= memory;
    System.out.println(calm ? "calm" : "NOT calm");
    return calm;
  }
}
