package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FakeTime;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Hello;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** Clients that do what they can to be a burden; what it costs them, and not the others. */
final class HostileClientsIT {
  private static final byte[] BLOCK = new byte[64 * 1024];

  private final FakeTime time = new FakeTime();
  private final Ends ends = new Ends();

  private Server server(Handler handler) throws IOException {
    return TestServers.builder().handler(handler).nanoTime(time).events(ends).start();
  }

  private static void endless(OutputStream content) throws IOException {
    while (true) {
      content.write(BLOCK);
    }
  }

  private void endsWith(CloseReason reason, Server server) {
    await().untilAsserted(() -> assertThat(ends.closed()).containsExactly(reason));
    await().until(() -> server.limit().inUse() == 0);
  }

  private static void othersAreServed(Server server) throws IOException {
    try (RawClient other = RawClient.connect(server)) {
      assertThat(other.get("/").readResponse()).startsWith("HTTP/1.1 200 OK");
    }
  }

  @Test
  void oneThatEndsInTheMiddleOfItsBodyFailsTheRead() throws Exception {
    BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
    try (Server server =
            server((request, response) -> {
              try {
                request.body().readAllBytes();
              } catch (IOException broken) {
                failures.add(broken);
                throw broken;
              }
            });
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc").halfClose();
      assertThat(client.readAll()).startsWith("HTTP/1.1 400");
      assertThat(failures.take()).isNotNull();
      endsWith(CloseReason.PROTOCOL_ERROR, server);
    }
  }

  @Test
  void oneThatResetsInTheMiddleOfItsBodyEndsItsConnectionAlone() throws Exception {
    BlockingQueue<Integer> read = new LinkedBlockingQueue<>();
    try (Server server =
        server((request, response) -> {
          if (request.method().equals("POST")) {
            read.add(request.body().read());
            request.body().readAllBytes();
          }
        })) {
      RawClient client = RawClient.connect(server);
      client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc");
      read.take();
      client.reset();
      endsWith(CloseReason.IO_ERROR, server);
      othersAreServed(server);
    }
  }

  @Test
  void oneThatResetsInTheMiddleOfItsAnswerEndsItsConnectionAlone() throws Exception {
    try (Server server =
        server((request, response) -> {
          if (request.path().equals("/endless")) {
            endless(response.stream());
          }
        })) {
      RawClient client = RawClient.connect(server);
      client.get("/endless").readBytes(BLOCK.length);
      client.reset();
      endsWith(CloseReason.IO_ERROR, server);
      othersAreServed(server);
    }
  }

  @Test
  void fiveHundredThatDoNotReadMakeNoBufferGrow() throws Exception {
    List<RawClient> slow = new ArrayList<>();
    try (Server server =
        server((request, response) -> {
          if (request.path().equals("/endless")) {
            endless(response.stream());
          }
        })) {
      long before = liveHeap();
      for (int client = 0; client < 500; client++) {
        RawClient connected = RawClient.connect(server);
        connected.get("/endless");
        slow.add(connected);
      }
      // As long as nobody's count grows any more, all of them are stuck in a write.
      await()
          .during(Duration.ofMillis(500))
          .atMost(Duration.ofSeconds(60))
          .until(() -> sent(server), total -> total == sent(server) && total > 500L * BLOCK.length);
      othersAreServed(server);
      assertThat(liveHeap() - before).isLessThan(500L * 96 * 1024);
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(31));
            assertThat(ends.closed()).filteredOn(CloseReason.WRITE_TIMEOUT::equals).hasSize(500);
          });
    } finally {
      slow.forEach(RawClient::close);
    }
  }

  private static long sent(Server server) {
    return server.connections().list(1_000).stream().mapToLong(ConnectionInfo::bytesOut).sum();
  }

  private static long liveHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  @Test
  void oneThatAsksTenThousandTimesAndNeverReadsIsCut() throws Exception {
    byte[] answer = new byte[16 * 1024];
    try (Server server = server((request, response) -> response.body(answer));
        RawClient client = RawClient.connect(server)) {
      Thread sending =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (int request = 0; request < 10_000; request++) {
                    client.get("/");
                  }
                } catch (IOException cut) {
                  // As it should be.
                }
              });
      othersAreServed(server);
      await()
          .untilAsserted(() -> {
            time.pass(Duration.ofSeconds(10));
            assertThat(ends.closed()).contains(CloseReason.WRITE_TIMEOUT);
          });
      sending.join();
    }
  }

  @Test
  void aHundredThousandTinyChunksAreOneBody() throws Exception {
    try (Server server =
            server((request, response) ->
                response.text(request.body().readAllBytes().length + " bytes"));
        RawClient client = RawClient.connect(server)) {
      client.send("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("1\r\nx\r\n".repeat(100_000) + "0\r\n\r\n");
      assertThat(client.readResponse()).endsWith("100000 bytes");
    }
  }

  @Test
  void aHeadThatComesByteByByteIsDueFromItsBeginning() throws Exception {
    try (Server server = server(new Hello());
        RawClient client = RawClient.connect(server)) {
      for (int second = 0; second < 10; second++) {
        client.send("GET / HTTP/1.1".substring(second, second + 1));
        long received = 1L + second;
        await().until(() -> server.connections().list(1).getFirst().bytesIn() == received);
        time.pass(Duration.ofSeconds(1));
      }
      time.pass(Duration.ofSeconds(1));
      assertThat(client.readAll()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
      endsWith(CloseReason.HEADER_TIMEOUT, server);
    }
  }
}
