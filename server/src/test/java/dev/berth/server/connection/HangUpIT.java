package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Handlers that want to know when their client has gone. */
final class HangUpIT {
  private final CountDownLatch waiting = new CountDownLatch(1);
  private final CountDownLatch news = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  private Server server() throws Exception {
    return TestServers.builder().handler(this::tellNews).start();
  }

  private void tellNews(Request request, Response response) throws Exception {
    response.interruptOnHangUp();
    waiting.countDown();
    try {
      news.await();
    } catch (InterruptedException gone) {
      interrupted.countDown();
      throw gone;
    }
    response.text("news");
  }

  private void assertEndsWithItsClient(Server server) throws InterruptedException {
    assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    await().untilAsserted(() -> assertThat(server.limit().inUse()).isZero());
  }

  @Test
  void aClientThatLeavesInterruptsTheHandler() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      client.get("/");
      waiting.await();
      client.leave();
      assertEndsWithItsClient(server);
    }
  }

  @Test
  void aClientThatResetsInterruptsTheHandler() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      client.get("/");
      waiting.await();
      client.reset();
      assertEndsWithItsClient(server);
    }
  }

  @Test
  void aClientThatSaysMoreIsNotGoneUntilItLeaves() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      client.get("/");
      waiting.await();
      client.get("/another").leave();
      assertEndsWithItsClient(server);
    }
  }

  @Test
  void contentThatNobodyReadIsNotTheEnd() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nmore");
      waiting.await();
      client.leave();
      assertEndsWithItsClient(server);
    }
  }

  @Test
  void aClientThatStaysGetsItsAnswerAsTheLast() throws Exception {
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      client.get("/");
      waiting.await();
      news.countDown();
      assertThat(client.readAll()).contains("\r\nConnection: close\r\n").endsWith("\r\n\r\nnews");
    }
    assertThat(interrupted.getCount()).isEqualTo(1);
  }
}
