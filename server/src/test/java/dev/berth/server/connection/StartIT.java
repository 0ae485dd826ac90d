package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Servers that can't start. */
final class StartIT {
  private static final int OFTEN = 50;

  @Test
  void oneWhosePortIsTakenLeavesNoDescriptors() throws Exception {
    try (Server first = TestServers.builder().start()) {
      Server.Builder second =
          TestServers.builder().listen(first.address()).queueTimeout(Duration.ofSeconds(1));
      long before = openDescriptors();
      for (int time = 0; time < OFTEN; time++) {
        assertThatThrownBy(second::start)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("can't listen on");
      }
      assertThat(openDescriptors()).isLessThan(before + OFTEN);
    }
  }

  @Test
  void oneThatLacksAClassLeavesNoDescriptors() {
    Server.Builder broken =
        TestServers.builder()
            .time(() -> {
              throw new NoClassDefFoundError("of the clock");
            });
    long before = openDescriptors();
    for (int time = 0; time < OFTEN; time++) {
      assertThatThrownBy(broken::start).isInstanceOf(NoClassDefFoundError.class);
    }
    assertThat(openDescriptors()).isLessThan(before + OFTEN);
  }

  private static long openDescriptors() {
    return ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class)
        .getOpenFileDescriptorCount();
  }
}
