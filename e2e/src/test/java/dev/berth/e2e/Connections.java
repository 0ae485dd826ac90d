package dev.berth.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.e2e.cluster.Clients;
import dev.berth.e2e.load.Counts;
import java.time.Duration;

/** What becomes of the clients' connections. */
final class Connections {
  private Connections() {}

  /** Waits until just so many are open, for at most half a minute. */
  static void awaitOpen(Clients clients, int open) {
    awaitOpen(clients, open, Duration.ofSeconds(30));
  }

  static void awaitOpen(Clients clients, int open, Duration within) {
    await().atMost(within).until(() -> clients.counts().open() == open);
  }

  /** Gives the counts that show it, and prints them. */
  static Counts assertUnbroken(Clients clients) {
    Counts counts = clients.counts();
    System.out.println("e2e: " + counts);
    assertThat(counts.broken()).as("broken connections: %s", counts.why()).isZero();
    return counts;
  }
}
