package dev.berth.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.PodAnnotations;
import dev.berth.server.limit.Rotation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of a pod's annotations. */
final class PodOrdersIT {
  private final Server server =
      TestServers.builder().handler(new Hello()).limit(ConnectionLimit.of(1)).start();
  private final PodOrders orders =
      new PodOrders(server, Rotation.of(server.limit()), generation -> {});

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
}
