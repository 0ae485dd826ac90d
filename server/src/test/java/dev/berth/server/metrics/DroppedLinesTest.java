package dev.berth.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.access.Access;
import dev.berth.server.access.AccessFormat;
import dev.berth.server.access.AccessWriter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class DroppedLinesTest {
  @Test
  void areCountedAfterACollectionToo() {
    MeterRegistry registry = new SimpleMeterRegistry();
    AccessWriter log =
        AccessWriter.start(
            OutputStream.nullOutputStream(), AccessFormat.TEXT, InstantSource.system());
    ServerMetrics.accessLog(registry, log);
    collectGarbage();
    log.close();
    log.answered(Access.refused(new InetSocketAddress("192.0.2.7", 4711), 503, 12, "full"));
    assertThat(registry.get("berth.access.log.dropped").functionCounter().count()).isEqualTo(1);
  }

  // Registries hold what they watch only weakly.
  private static void collectGarbage() {
    WeakReference<Object> garbage = new WeakReference<>(new Object());
    await()
        .until(() -> {
          System.gc();
          return garbage.get() == null;
        });
  }
}
