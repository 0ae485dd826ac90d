package dev.berth.e2e.local;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.e2e.cluster.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console page in a real browser. */
class ConsoleIT {
  private static final Pattern SERVING =
      Pattern.compile(
          "<td class=\"serving\">serving</td><td class=\"number\">[1-9]\\d*</td>"
              + "<td class=\"number\">[1-9]\\d*</td>");

  @Test
  void thePageShowsAProcessWithItsConnectionsAndItsLimit(@TempDir Path profile) {
    assumeTrue(
        Program.inPath("chromium"), "skipped: no chromium in PATH (Debian: apt install chromium)");
    try (LocalFleet fleet = LocalFleet.start(100)) {
      await()
          .atMost(Duration.ofSeconds(90))
          .until(
              () -> {
                fleet.mustBeRunning();
                return page(fleet, profile);
              },
              page -> SERVING.matcher(page).find());
    }
  }

  /** The page as it is once its script has run for two of its seconds. */
  private static String page(LocalFleet fleet, Path profile) {
    return Program.of(
            "chromium",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--user-data-dir=" + profile,
            "--virtual-time-budget=2000",
            "--dump-dom",
            "http://127.0.0.1:" + fleet.consolePort())
        .run()
        .text();
  }
}
