package dev.berth.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

final class UpstreamLimitsTest {
  @Test
  void forEverIsTenThousandDays() {
    Duration ever = ChronoUnit.FOREVER.getDuration();
    UpstreamLimits limits = new UpstreamLimits(1, ever, ever, ever);
    assertThat(limits.queueTimeout()).isEqualTo(Duration.ofDays(10_000));
    assertThat(limits.timeout()).isEqualTo(Duration.ofDays(10_000));
    assertThat(limits.idleTimeout()).isEqualTo(Duration.ofDays(10_000));
  }
}
