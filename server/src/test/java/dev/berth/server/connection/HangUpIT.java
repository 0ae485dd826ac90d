package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import dev.berth.server.handler.StatusException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
  void whatWasAskedBeforeIsAnsweredBeforeTheHandlerWaits() throws Exception {
    Handler first = (request, response) -> response.text("first");
    try (Server server =
            TestServers.builder()
                .handler(Router.builder().get("/", first).get("/news", this::tellNews).build())
                .start();
        RawClient client = RawClient.connect(server)) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /news HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.readResponse()).endsWith("first");
      news.countDown();
      assertThat(client.readResponse()).endsWith("news");
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

  @Test
  void afterTheAnswerNobodyGoesOnWaiting(@TempDir Path folder) throws Exception {
    news.countDown();
    try (Server server = server()) {
      for (int time = 0; time < 10; time++) {
        try (RawClient client = RawClient.connect(server)) {
          assertThat(client.get("/").readAll()).endsWith("news");
        }
      }
      await().until(() -> server.connections().count() == 0);
      await().untilAsserted(() -> assertThat(threads(folder)).doesNotContain("HangUp.run"));
    }
  }

  // What it sends from then on is dropped, a next request as well.
  @Test
  void anAnswerThatTheHandlerFailedToGiveIsTheLastAsWell() throws Exception {
    try (Server server =
            TestServers.builder()
                .handler((request, response) -> {
                  response.interruptOnHangUp().interruptOnHangUp();
                  throw new StatusException(404, "no news");
                })
                .start();
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readAll())
          .startsWith("HTTP/1.1 404 Not Found\r\n")
          .contains("\r\nConnection: close\r\n");
    }
  }

  @Test
  void aClientThatStaysAfterItsAnswerIsNotWaitedForLong() throws Exception {
    news.countDown();
    try (Server server = server();
        RawClient client = RawClient.connect(server)) {
      client.get("/").readUntil("news");
      await().until(() -> server.connections().count() == 0);
    }
  }

  // Virtual ones are in no other list.
  private static String threads(Path folder) throws IOException {
    Path dump = folder.resolve(UUID.randomUUID() + ".txt");
    ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .dumpThreads(dump.toString(), ThreadDumpFormat.TEXT_PLAIN);
    return Files.readString(dump);
  }
}
