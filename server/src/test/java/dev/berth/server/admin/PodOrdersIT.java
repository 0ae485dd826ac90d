package dev.berth.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.PodAnnotations;
import dev.berth.server.limit.Rotation;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a pod's annotations. */
final class PodOrdersIT {
  private final Server server =
      TestServers.builder().handler(new Hello()).limit(ConnectionLimit.of(1)).start();
  private final AtomicLong generation = new AtomicLong();
  private final PodOrders orders =
      new PodOrders(server, Rotation.of(server.limit()), generation::set);

  PodOrdersIT() throws Exception {}

  @BeforeEach
  void drain() {
    order("berth.dev/drain=\"true\"");
    assertThat(server.drain().active()).isTrue();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private void order(String annotations) {
    orders.accept(PodAnnotations.parse(annotations));
  }

  @Test
  void aDrainEndsWhenItsAnnotationIsTakenAway() {
    order("note=\"a\"");
    assertThat(server.drain().active()).isFalse();
  }

  @Test
  void aDrainEndsWithTheLastAnnotation() {
    order("");
    assertThat(server.drain().active()).isFalse();
  }

  @Test
  void aDrainGoesOnWhileItsAnnotationIsHalfWritten() {
    order("berth.dev/drain=\"tr");
    assertThat(server.drain().active()).isTrue();
    order("berth.dev/drain=\"false\"");
    assertThat(server.drain().active()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "note=\"a\""})
  void aLimitIsNoPolicysOnceItsAnnotationIsTakenAway(String annotations) {
    order("berth.dev/generation=\"7\"\nberth.dev/limit=\"840\"");
    assertThat(generation).hasValue(7);
    order(annotations);
    assertThat(generation).hasValue(0);
    assertThat(server.limit().limit()).isEqualTo(840);
  }

  @Test
  void aLimitStaysItsPolicysWhileAnotherIsMalformed() {
    order("berth.dev/generation=\"7\"\nberth.dev/limit=\"840\"");
    order("berth.dev/generation=\"8\"\nberth.dev/limit=\"9");
    assertThat(generation).hasValue(7);
    assertThat(server.limit().limit()).isEqualTo(840);
  }
}
