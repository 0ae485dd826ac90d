package dev.berth.operator.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.berth.operator.decide.Policy;
import java.util.ArrayList;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/**
 * What the loop promises, on traces made by chance, over pods of 96Mi to 1Gi and connections of 8
 * to 512 KiB, with several mishaps at once. {@code -Dberth.traces=3000} tries more of them, {@code
 * -Dberth.firstTrace=17} begins with that one.
 *
 * <p>In any world replicas and limits stay within their bounds, no pod is removed but by choice,
 * nor while one can't be seen, and no connection is broken by a scale-in. {@link Kills} says which
 * kills for memory the loop is to prevent.
 */
class RandomTracesTest {
  private static final int FIRST = Integer.getInteger("berth.firstTrace", 1);
  private static final int COUNT = Integer.getInteger("berth.traces", 300);
  private static final long BASE = 38L << 20;

  @Test
  void berthKillsNothingItCouldSaveAndBreaksNothingOnAnyTrace() {
    Policy policy = Settings.policy();
    for (int seed = FIRST; seed < FIRST + COUNT; seed++) {
      play(seed, policy);
    }
  }

  private static void play(int seed, Policy policy) {
    var random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    long memory = Math.round(between(random, 96, 1024)) << 20;
    Trace trace = trace(random, memory, policy);
    Setting setting =
        new Setting(memory, BASE, 0.02, 0.25, 30, 10, 20, 1, seed).placedFor(trace, policy);
    String named = "trace %d, pods of %dMi:%n%s".formatted(seed, memory >> 20, csv(trace));
    var world = new World(trace, setting, new Setting.Server.Bounded(setting.derivedLimit()));
    var berth = new Berth(policy);
    var removals = new Removals();
    var kills = new Kills(policy, trace, setting);
    for (int tick = 0; tick < trace.seconds() * Setting.TICKS_PER_SECOND; tick++) {
      world.tick();
      int before = world.workload().replicas();
      boolean unseen =
          world.workload().staying().anyMatch(pod -> pod.ready() && !world.answers(pod));
      berth.tick(world);
      removals.accept(world);
      kills.look(world, berth.trust());
      int replicas = world.workload().replicas();
      if (replicas < policy.minReplicas() || replicas > policy.maxReplicas()) {
        fail("%d replicas at %.1f s in %s", replicas, world.second(), named);
      }
      if (unseen && replicas < before) {
        fail("fewer replicas at %.1f s, while a pod can't be seen, in %s", world.second(), named);
      }
      assertLimitsWithinBounds(world, policy, named);
    }
    assertThat(removals.unchosen()).as("removed in place of others in %s", named).isEmpty();
    assertThat(world.ledger().brokenByScaleIn).as("broken by a scale-in in %s", named).isZero();
    assertThat(kills.preventable()).as("kills for memory in %s", named).isEmpty();
  }

  private static void assertLimitsWithinBounds(World world, Policy policy, String named) {
    for (ServerPod pod : world.workload().pods()) {
      pod.limitMark
          .told()
          .ifPresent(limit -> {
            if (limit < policy.connections().minLimit()
                || limit > policy.connections().maxLimit()) {
              fail("%s is told a limit of %d in %s", pod.name, limit, named);
            }
          });
    }
  }

  /** The trace as a file, to be tried by hand. */
  private static String csv(Trace trace) {
    var text =
        new StringBuilder(
            "time,connections,cost,churn,busy,metrics_lost,pods_killed,leak,leak_all,hot_draw,hot_cost\n");
    for (Trace.Row row : trace.rows()) {
      text.append(
          "%.1f,%.0f,%.0f,%.5f,%.3f,%.1f,%d,%.0f,%.0f,%.3f,%.3f%n"
              .formatted(
                  row.second(),
                  row.load().connections(),
                  row.load().cost(),
                  row.load().churn(),
                  row.load().busy(),
                  row.mishap().metricsLost(),
                  row.mishap().podsKilled(),
                  row.mishap().leak(),
                  row.mishap().leakAll(),
                  row.mishap().hotDraw(),
                  row.mishap().hotCost()));
    }
    return text.toString();
  }

  /** A number of any magnitude between the two. */
  private static double between(RandomGenerator random, double least, double most) {
    return least * Math.pow(most / least, random.nextDouble());
  }

  private static Trace trace(RandomGenerator random, long memory, Policy policy) {
    double cost = between(random, 8 << 10, 512 << 10);
    double churn = random.nextDouble() * 0.02;
    double busy = random.nextDouble();
    double pod = (0.75 * memory - BASE) / cost;
    // one in ten may want more than all pods can hold
    double most =
        Math.min(5_000, pod * policy.maxReplicas() * (random.nextInt(10) == 0 ? 1.5 : 0.6));
    var rows = new ArrayList<Trace.Row>();
    double second = 0;
    int stretches = random.nextInt(1, 5);
    for (int i = 0; i <= stretches; i++) {
      double wanted = most * random.nextDouble();
      var load = new Trace.Load(wanted, cost, churn, busy);
      rows.add(new Trace.Row(second, load, mishap(random, memory)));
      if (random.nextBoolean()) {
        second += random.nextInt(20, 240);
        rows.add(new Trace.Row(second, load, mishap(random, memory)));
      }
      // up or down within a second, or slowly
      second += random.nextBoolean() ? 1 : random.nextInt(20, 240);
      cost *= 0.95 + 0.1 * random.nextDouble();
    }
    return new Trace(rows);
  }

  /** Each befalls the pods by itself, so that several may at once. */
  private static Trace.Mishap mishap(RandomGenerator random, long memory) {
    return new Trace.Mishap(
        random.nextInt(6) != 0 ? 0 : random.nextBoolean() ? 1 : 0.5,
        random.nextInt(6) != 0 ? 0 : random.nextInt(1, 3),
        random.nextInt(6) != 0 ? 0 : memory / between(random, 300, 30_000),
        random.nextInt(12) != 0 ? 0 : memory / between(random, 300, 30_000),
        random.nextInt(6) != 0 ? 1 : 1 + 3 * random.nextDouble(),
        random.nextInt(6) != 0 ? 1 : 1 + random.nextDouble() / 5);
  }
}
