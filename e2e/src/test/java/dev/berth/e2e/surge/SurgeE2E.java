package dev.berth.e2e.surge;

import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Berth;
import dev.berth.e2e.cluster.Checkout;
import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.cluster.Workload;
import dev.berth.e2e.load.Counts;
import dev.berth.e2e.load.Recorded;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Connections come within a minute, stay, and go, on pods of 128Mi that pin 64 KiB for each: nobody
 * is broken, hardly anybody refused, and nothing runs out of memory.
 *
 * <p>Its timeline, its picture and its figures are left in {@code e2e/target/surge}. The figures
 * are held to their bounds when they are asked for, since they need a machine of their own; that
 * nothing breaks, always.
 */
class SurgeE2E {
  private static final Duration LOOK = Duration.ofMillis(250);

  @RegisterExtension static final Berth BERTH = Berth.installed("surge", 2);

  private final Shape shape = Shape.asked();
  private final List<Recorded> recorded = new ArrayList<>();

  @Test
  void aSurgeIsServedAndNothingBreaks() throws IOException {
    Workload workload = Workload.start(BERTH, 1, "--pin-bytes-per-connection=" + Shape.PINNED);
    try (var witness = new Witness(workload)) {
      Clients clients = Clients.start(BERTH, workload);
      clients.watch(workload.pods()); // before the first limit: its way is measured too
      workload.govern(shape.policy());
      await().atMost(Duration.ofSeconds(30)).until(() -> !workload.marks().isEmpty());

      long begins = System.currentTimeMillis();
      clients.connections(shape.peak(), shape.rise());
      watch(clients, workload, shape.untilFall(), () -> false);
      clients.connections(shape.rest(), shape.fall());
      watch(clients, workload, shape.fall(), () -> false);
      Counts fallen = clients.counts();
      watch(
          clients,
          workload,
          shape.calm().plusSeconds(120),
          () ->
              workload.replicas() <= shape.fewest()
                  && workload.pods().size() == workload.replicas());
      watch(clients, workload, Duration.ofSeconds(5), () -> false);

      Counts all = clients.counts();
      System.out.println("e2e: " + all);
      var timeline = new Timeline(begins, recorded);
      Findings findings = Findings.of(shape, timeline, witness, fallen, all);
      leave(timeline, witness, findings);
      judge(findings);
    }
  }

  /** Records for so long, or until there is enough. */
  private void watch(Clients clients, Workload workload, Duration time, Callable<Boolean> enough) {
    long end = System.nanoTime() + time.toNanos();
    Set<String> known = new HashSet<>();
    await()
        .atMost(time.plusMinutes(5))
        .pollInterval(LOOK)
        .until(() -> {
          List<Pod> pods = workload.pods();
          Set<String> now = new HashSet<>();
          pods.forEach(pod -> now.add(pod.getMetadata().getName() + pod.getStatus().getPodIP()));
          if (!now.equals(known)) {
            clients.watch(pods);
            known.clear();
            known.addAll(now);
          }
          recorded.addAll(clients.recorded());
          return System.nanoTime() > end || enough.call();
        });
  }

  private void leave(Timeline timeline, Witness witness, Findings findings) throws IOException {
    Path folder = Checkout.file("e2e/target/surge");
    timeline.write(folder, witness);
    Drawing.write(timeline, witness, folder.resolve("surge.png"));
    Files.writeString(folder.resolve("figures.md"), findings.table(shape));
    Files.writeString(folder.resolve("limits.csv"), findings.limitLags().csv(timeline.begins()));
    String namespace = BERTH.namespace();
    Files.writeString(
        folder.resolve("story.txt"),
        BERTH.cluster().kubectl("describe", "cpol", "--namespace", namespace).run().text()
            + BERTH
                .cluster()
                .kubectl(
                    "logs",
                    "--namespace",
                    namespace,
                    "--selector",
                    "app.kubernetes.io/component=operator",
                    "--prefix",
                    "--tail=-1")
                .run()
                .text());
    System.out.println("e2e: the surge, drawn in " + folder + "\n" + findings.table(shape));
  }

  private void judge(Findings findings) {
    var softly = new SoftAssertions();
    softly.assertThat(findings.kills()).as("containers killed").isEmpty();
    softly.assertThat(findings.broken()).as("connections broken").isZero();
    softly.assertThat(findings.undrained()).as("pods removed undrained").isEmpty();
    softly.assertThat(findings.mostPods()).as("most pods").isBetween(2, shape.maxReplicas());
    softly.assertThat(findings.leastPods()).as("pods left").isLessThanOrEqualTo(shape.fewest());
    softly
        .assertThat(findings.firstLimits())
        .as("new pods' own limits, each within 128Mi")
        .isNotEmpty()
        .allMatch(limit -> limit > 0 && limit * (long) Shape.PINNED < Shape.MEBIBYTES * 786_432L);
    if (Shape.isAskedFor()) {
      judgeFigures(findings, softly);
    }
    softly.assertAll();
  }

  private void judgeFigures(Findings findings, SoftAssertions softly) {
    softly.assertThat(findings.unreachable()).as("attempts that found no server").isZero();
    softly.assertThat(findings.served()).as("connection-seconds, %").isGreaterThanOrEqualTo(99.5);
    softly.assertThat(findings.refused()).as("refused").isLessThanOrEqualTo(shape.refusals());
    softly.assertThat(findings.skew()).as("skew").isBetween(1.0, 1.5);
    softly.assertThat(findings.decision().orElse(0)).as("decision, s").isLessThanOrEqualTo(5);
    softly.assertThat(findings.limitLags().most()).as("limit in force, s").isLessThanOrEqualTo(2);
  }
}
