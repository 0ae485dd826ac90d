package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.Admission.Refused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The order in which a server drains, at a time that stands still until it is moved. */
final class DrainIT {
  private final FakeTime time = new FakeTime();
  private final Ends ends = new Ends();
  private final Server server;

  DrainIT() throws Exception {
    server =
        TestServers.builder()
            .handler(new Hello())
            .timeouts(TestServers.PROMPT.withDrain(Duration.ofSeconds(3), Duration.ofSeconds(25)))
            .nanoTime(time)
            .events(ends)
            .start();
  }

  @AfterEach
  void stop() {
    server.stop();
  }

  private void passTheGrace() {
    time.pass(Duration.ofSeconds(4));
    await().until(() -> server.drain().stage() == Drain.Stage.REFUSING);
  }

  @Test
  void duringTheGraceNewConnectionsAreServedOnce() throws Exception {
    server.drain().begin(Drain.Cause.ANNOTATION);
    try (RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll())
          .startsWith("HTTP/1.1 200 OK")
          .contains("Connection: close");
    }
    await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.DRAIN));
  }

  @Test
  void afterTheGraceNewConnectionsAreRefused() throws Exception {
    server.drain().begin(Drain.Cause.ANNOTATION);
    passTheGrace();
    try (RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll()).startsWith("HTTP/1.1 503").contains("about to end");
    }
    assertThat(ends.rejected()).containsExactly(Refused.DRAINING);
  }

  @Test
  void thoseStillAskingAreToldAndTheLongIdleAreClosed() throws Exception {
    try (RawClient longIdle = RawClient.connect(server)) {
      longIdle.get("/").readResponse();
      time.pass(Duration.ofSeconds(11));
      await().until(() -> !server.connections().list(1).getFirst().idle().isZero());
      try (RawClient asking = RawClient.connect(server)) {
        asking.get("/").readResponse();
        server.drain().begin(Drain.Cause.ANNOTATION);
        passTheGrace();
        assertThat(longIdle.readAll()).isEmpty();
        assertThat(asking.get("/").readAll())
            .startsWith("HTTP/1.1 200 OK")
            .contains("Connection: close");
      }
    }
  }

  private Server chatting() throws Exception {
    return TestServers.builder()
        .handler((request, response) ->
            response.upgrade(
                "chat",
                (in, out) -> {
                  in.transferTo(out);
                  out.write("goodbye".getBytes(StandardCharsets.US_ASCII));
                }))
        .timeouts(TestServers.PROMPT.withDrain(Duration.ofSeconds(3), Duration.ofSeconds(25)))
        .nanoTime(time)
        .events(ends)
        .start();
  }

  private static RawClient upgrade(Server server) throws Exception {
    RawClient client = RawClient.connect(server);
    client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\nearly");
    assertThat(client.readUntil("early")).startsWith("HTTP/1.1 101 ");
    return client;
  }

  @Test
  void anUpgradedConnectionSaysGoodbyeOnceTheGraceIsOver() throws Exception {
    Server chat = chatting();
    try (RawClient client = upgrade(chat)) {
      chat.drain().begin(Drain.Cause.ANNOTATION);
      assertThat(client.send("still here").readUntil("still here")).isEqualTo("still here");
      time.pass(Duration.ofSeconds(4));
      assertThat(client.readAll()).isEqualTo("goodbye");
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.DRAIN));
    } finally {
      chat.stop();
    }
  }

  @Test
  void anUpgradedConnectionThatTalksOnIsCutAtTheTimeoutAndCounted() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (Server chat =
            TestServers.builder()
                .handler((request, response) ->
                    response.upgrade(
                        "chat",
                        (in, out) -> {
                          in.transferTo(out);
                          told.countDown();
                          new CountDownLatch(1).await();
                        }))
                .nanoTime(time)
                .events(ends)
                .start();
        RawClient client = upgrade(chat)) {
      client.send("no goodbye");
      Thread closing = Thread.ofVirtual().start(chat::close);
      told.await();
      time.pass(Duration.ofSeconds(11));
      closing.join();
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.FORCED));
      assertThat(chat.limit().inUse()).isZero();
    }
  }

  @Test
  void anAnswerThatWasToldToBeTheLastButDoesNotEndIsCutAndCounted() throws Exception {
    Server stuck =
        TestServers.builder()
            .handler((request, response) -> {
              response.stream().write(new byte[100_000]);
              new CountDownLatch(1).await();
            })
            .nanoTime(time)
            .events(ends)
            .start();
    try (RawClient client = RawClient.connect(stuck)) {
      await().until(() -> stuck.connections().count() == 1);
      stuck.drain().begin(Drain.Cause.REQUEST);
      assertThat(client.get("/").readUntil("\r\n\r\n")).contains("Connection: close");
      Thread closing = Thread.ofVirtual().start(stuck::close);
      await().until(() -> stuck.drain().ending());
      time.pass(Duration.ofSeconds(11));
      closing.join();
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.FORCED));
    }
  }

  @Test
  void theDrainIsUndoneWhenItsCauseGoes() throws Exception {
    server.drain().begin(Drain.Cause.ANNOTATION);
    passTheGrace();
    server.drain().undo(Drain.Cause.ANNOTATION);
    try (RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readResponse())
          .startsWith("HTTP/1.1 200 OK")
          .doesNotContain("Connection: close");
    }
  }

  @Test
  void theEndIsNotUndone() {
    server.drain().begin(Drain.Cause.END);
    server.drain().undo(Drain.Cause.END);
    assertThat(server.drain().active()).isTrue();
  }

  @Test
  void anEmptyServerLivesForTheGrace() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    Thread closing =
        Thread.ofVirtual()
            .start(() -> {
              server.close();
              ended.set(true);
            });
    await().until(() -> server.drain().active());
    try (RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll()).startsWith("HTTP/1.1 200 OK");
    }
    assertThat(ended).isFalse();
    time.pass(Duration.ofSeconds(4));
    closing.join();
    assertThat(ended).isTrue();
  }

  @Test
  void whatRemainsAtTheTimeoutIsCutAndCounted() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FakeTime own = new FakeTime();
    Server stuck =
        TestServers.builder()
            .handler((request, response) -> {
              asked.countDown();
              new CountDownLatch(1).await();
            })
            .nanoTime(own)
            .events(ends)
            .start();
    try (RawClient client = RawClient.connect(stuck)) {
      client.get("/");
      asked.await();
      Thread closing = Thread.ofVirtual().start(stuck::close);
      await().until(() -> stuck.drain().active());
      own.pass(Duration.ofSeconds(11));
      closing.join();
      await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(CloseReason.FORCED));
      assertThat(stuck.limit().inUse()).isZero();
    }
  }
}
