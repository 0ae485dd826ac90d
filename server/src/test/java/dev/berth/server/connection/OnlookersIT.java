package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FailingLog;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.Admission.Refused;
import dev.berth.server.limit.ClientLimit;
import dev.berth.server.limit.ConnectionLimit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server whose events and access log fail whatever they are told. */
final class OnlookersIT {
  private static final int OFTEN = 3;

  private static final class Failing implements ConnectionEvents {
    @Override
    public void accepted() {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void rejected(Refused reason) {
      throw new IllegalStateException("on purpose");
    }

    @Override
    public void responded(int minorVersion, int status, long nanos) {
      throw new StackOverflowError("on purpose");
    }

    @Override
    public void closed(CloseReason reason, int requests, long nanos) {
      throw new IllegalStateException("on purpose");
    }
  }

  private static Server.Builder builder() {
    return TestServers.builder()
        .handler(new Hello())
        .events(new Failing())
        .accessLog(access -> {
          throw new IllegalStateException("on purpose");
        })
        .limit(ConnectionLimit.of(1, 1))
        .clientLimit(ClientLimit.of(2));
  }

  private static void isFree(Server server) {
    await().until(() -> server.limit().inUse() == 0 && server.connections().count() == 0);
  }

  @Test
  void acceptsAndAnswersOneAfterTheOther() throws Exception {
    acceptsAndAnswers();
  }

  private static void acceptsAndAnswers() throws Exception {
    try (Server server = builder().start()) {
      for (int time = 0; time < OFTEN; time++) {
        try (RawClient client = RawClient.connect(server)) {
          assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200");
          assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200");
        }
        isFree(server);
      }
      assertThat(server.broken()).isFalse();
    }
  }

  @Test
  void acceptsAndAnswersThoughTheLogFailsAsWell() throws Exception {
    try (FailingLog log = new FailingLog(Onlookers.class)) {
      acceptsAndAnswers();
      assertThat(log.told()).isEqualTo(1);
    }
  }

  @Test
  void refusesWithAWholeAnswer() throws Exception {
    try (Server server = builder().start();
        RawClient first = RawClient.connect(server)) {
      first.get("/").readResponse();
      for (int time = 0; time < OFTEN; time++) {
        try (RawClient refused = RawClient.connect(server)) {
          assertThat(refused.get("/").readAll()).startsWith("HTTP/1.1 503");
        }
      }
    }
  }

  @Test
  void servesWhoHasWaited() throws Exception {
    try (Server server = builder().queueTimeout(Duration.ofMinutes(1)).start()) {
      for (int time = 0; time < OFTEN; time++) {
        try (RawClient first = RawClient.connect(server)) {
          first.get("/").readResponse();
          try (RawClient second = RawClient.connect(server)) {
            await().until(() -> server.limit().waiting() == 1);
            first.leave();
            assertThat(second.get("/").readResponse()).startsWith("HTTP/1.1 200");
          }
        }
        isFree(server);
      }
    }
  }

  @Test
  void servesWhomAProxyHasNamed() throws Exception {
    try (Server server = builder().proxyProtocol(true).start()) {
      for (int time = 0; time < OFTEN; time++) {
        try (RawClient client = RawClient.connect(server)) {
          client.send("PROXY TCP4 192.0.2.7 192.0.2.1 4711 80\r\n");
          assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 200");
        }
        isFree(server);
      }
    }
  }
}
