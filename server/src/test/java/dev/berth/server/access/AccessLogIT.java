package dev.berth.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Handler;
import dev.berth.server.limit.ConnectionLimit;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What connections tell an access log, over sockets. */
final class AccessLogIT {
  private static final Handler HELLO = (request, response) -> response.text("hello\n");

  private final BlockingQueue<Access> told = new LinkedBlockingQueue<>();

  private Server.Builder server(Handler handler) {
    return TestServers.builder().handler(handler).accessLog(told::add);
  }

  private Access next() throws InterruptedException {
    Access access = told.poll(20, TimeUnit.SECONDS);
    assertThat(access).as("an access was logged").isNotNull();
    return access;
  }

  /** Sends this to a server with that handler, and returns what it logs first. */
  private Access logged(Handler handler, String request) throws Exception {
    Server server = server(handler).start();
    try (RawClient client = RawClient.connect(server)) {
      client.send(RawClient.wire(request));
      return next();
    } finally {
      server.stop();
    }
  }

  @Test
  void tellsWhatWasAskedAndAnswered() throws Exception {
    Access access =
        logged(
            HELLO,
            """
            GET /a%20b?c=d HTTP/1.1
            Host: berth
            User-Agent: curl/8
            Referer: http://elsewhere/

            """);

    assertThat(access.method()).isEqualTo("GET");
    assertThat(access.target()).isEqualTo("/a%20b?c=d");
    assertThat(access.protocol()).isEqualTo("HTTP/1.1");
    assertThat(access.status()).isEqualTo(200);
    assertThat(access.bytes()).isEqualTo(6);
    assertThat(access.nanos()).isPositive();
    assertThat(access.userAgent()).isEqualTo("curl/8");
    assertThat(access.referer()).isEqualTo("http://elsewhere/");
    assertThat(access.note()).isEmpty();
    assertThat(access.peer().getAddress().isLoopbackAddress()).isTrue();
  }

  @Test
  void countsRequestsOfAConnection() throws Exception {
    Server server = server(HELLO).start();
    try (RawClient client = RawClient.connect(server)) {
      client.get("/1").get("/2");
      Access first = next();
      Access second = next();
      assertThat(first.request()).isEqualTo(1);
      assertThat(second.request()).isEqualTo(2);
      assertThat(second.connection()).isEqualTo(first.connection()).isPositive();
    } finally {
      server.stop();
    }
  }

  @Test
  void countsStreamedContentWithoutItsChunks() throws Exception {
    Handler twice =
        (request, response) -> {
          OutputStream out = response.stream();
          for (int part = 0; part < 2; part++) {
            out.write(new byte[10_000]);
            out.flush();
          }
        };
    assertThat(logged(twice, "GET / HTTP/1.1\nHost: berth\n\n").bytes()).isEqualTo(20_000);
  }

  @Test
  void countsNoContentForHead() throws Exception {
    assertThat(logged(HELLO, "HEAD / HTTP/1.1\nHost: berth\n\n").bytes()).isZero();
  }

  @Test
  void tellsOfMalformedRequests() throws Exception {
    Access access = logged(HELLO, "GET /\u0001 HTTP/1.1\nHost: berth\n\n");

    assertThat(access.status()).isEqualTo(400);
    assertThat(access.request()).isEqualTo(1);
    assertThat(access.method()).isEmpty();
    assertThat(access.target()).isEmpty();
    assertThat(access.note()).contains("0x01");
  }

  @Test
  void tellsOfMalformedBodies() throws Exception {
    Access access =
        logged(
            (request, response) -> request.body().readAllBytes(),
            "POST /in HTTP/1.1\nHost: berth\nTransfer-Encoding: chunked\n\nxyz\n");

    assertThat(access.status()).isEqualTo(400);
    assertThat(access.target()).isEqualTo("/in");
    assertThat(access.note()).contains("chunk");
  }

  @Test
  void tellsOfAnswersThatBrokeOff() throws Exception {
    Access access =
        logged(
            (request, response) -> {
              OutputStream out = response.stream();
              out.write(new byte[100]);
              out.flush();
              throw new IOException("no more");
            },
            "GET / HTTP/1.1\nHost: berth\n\n");

    assertThat(access.status()).isEqualTo(200);
    assertThat(access.bytes()).isEqualTo(100);
    assertThat(access.note()).isEqualTo("incomplete");
  }

  @Test
  void tellsOfConnectionsRefusedAtTheDoor() throws Exception {
    Server server = server(HELLO).limit(ConnectionLimit.of(0)).start();
    try (RawClient client = RawClient.connect(server)) {
      client.get("/");
      Access access = next();
      assertThat(access.status()).isEqualTo(503);
      assertThat(access.connection()).isZero();
      assertThat(access.request()).isZero();
      assertThat(access.note()).isEqualTo("this server has all the connections it takes now");
    } finally {
      server.stop();
    }
  }

  @Test
  void cutsLongTargetsOff() throws Exception {
    String target = "/" + "x".repeat(10_000);
    Access access = logged(HELLO, "GET " + target + " HTTP/1.1\nHost: berth\n\n");
    assertThat(access.target()).hasSize(1_027).endsWith("x...");
  }
}
