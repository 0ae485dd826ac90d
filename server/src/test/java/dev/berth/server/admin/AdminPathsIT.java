package dev.berth.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.connection.Drain;
import dev.berth.server.handler.Hello;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.limit.Rotation;
import dev.berth.server.metrics.Exposition;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AdminPathsIT {
  private final AtomicLong generation = new AtomicLong(7);
  private final Server server =
      TestServers.builder().handler(new Hello()).limit(ConnectionLimit.of(1)).start();
  private final Rotation rotation = Rotation.of(server.limit());
  private final Server admin = adminPort(true);

  AdminPathsIT() throws Exception {}

  private Server adminPort(boolean writable) throws Exception {
    return TestServers.builder()
        .handler(AdminPaths.of(server, rotation, new Hello(), writable, generation::set))
        .start();
  }

  @AfterEach
  void stop() {
    admin.stop();
    server.stop();
  }

  private static String ask(Server admin, String request) throws Exception {
    try (RawClient client = RawClient.connect(admin)) {
      return client.send(request).readResponse();
    }
  }

  private String get(String path) throws Exception {
    return ask(admin, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
  }

  private static String put(String body) {
    return "PUT /limit HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void answersWhileTheServerIsFull() throws Exception {
    try (RawClient first = RawClient.connect(server);
        RawClient second = RawClient.connect(server)) {
      first.get("/").readResponse();
      assertThat(second.get("/").readAll()).startsWith("HTTP/1.1 503");
      assertThat(get("/livez")).startsWith("HTTP/1.1 200").endsWith("alive\n");
      assertThat(get("/readyz")).startsWith("HTTP/1.1 200").endsWith("ready\n");
    }
  }

  @Test
  void isNotReadyFromTheMomentADrainBegins() throws Exception {
    server.drain().begin(Drain.Cause.ANNOTATION);
    assertThat(get("/readyz")).startsWith("HTTP/1.1 503").endsWith("not ready: draining\n");
    assertThat(get("/livez")).startsWith("HTTP/1.1 200");
    server.drain().undo(Drain.Cause.ANNOTATION);
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200");
  }

  @Test
  void isNotReadyWhileItIsFullAndMayLeaveRotation() throws Exception {
    rotation.mayLeave(true);
    assertThat(get("/readyz")).startsWith("HTTP/1.1 200");
    try (RawClient full = RawClient.connect(server)) {
      full.get("/").readResponse();
      assertThat(get("/readyz"))
          .startsWith("HTTP/1.1 503")
          .endsWith("not ready: full, and others have room\n");
      assertThat(get("/livez")).startsWith("HTTP/1.1 200");
      assertThat(full.get("/").readResponse()).startsWith("HTTP/1.1 200");
      rotation.mayLeave(false);
      assertThat(get("/readyz")).startsWith("HTTP/1.1 200");
    }
  }

  @Test
  void listsConnections() throws Exception {
    try (RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      String sent = "GET / HTTP/1.1\r\nHost: berth\r\n\r\n";
      assertThat(get("/connections"))
          .contains(
              "{\"limit\": 1, \"active\": 1, \"connections\": [\n{\"id\": 1, \"peer\": \"127.0.0.1:")
          .containsPattern(
              "\"state\": \"(idle|active)\", \"protocol\": \"HTTP/1.1\", \"ageSeconds\": [\\d.]+, \"idleSeconds\": [\\d.]+,")
          .contains("\"requests\": 1, \"bytesIn\": " + sent.length() + ", \"bytesOut\": ");
    }
  }

  @Test
  void listsNoMoreConnectionsThanAskedFor() throws Exception {
    try (RawClient client = RawClient.connect(server)) {
      client.get("/").readResponse();
      assertThat(get("/connections?limit=0"))
          .endsWith("{\"limit\": 1, \"active\": 1, \"connections\": []}\n");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "-1", "99999999999", "", "1.5", "%31%30x"})
  void saysHowManyConnectionsMayBeAskedFor(String limit) throws Exception {
    assertThat(get("/connections?limit=" + limit))
        .startsWith("HTTP/1.1 400 ")
        .endsWith("limit has to be a whole number from 0 to 9999999\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"name[]=berth_draining", "name%5B%5D=berth_draining"})
  void tellsOnlyTheMetricsThatAreNamed(String query) throws Exception {
    try (Exposition metrics = new Exposition();
        Server told =
            TestServers.builder()
                .handler(AdminPaths.of(server, rotation, metrics, false, generation::set))
                .start();
        RawClient client = RawClient.connect(told)) {
      metrics.registry().gauge("berth_draining", 0);
      client.send("GET /metrics?" + query + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertThat(client.readAll())
          .startsWith("HTTP/1.1 200 ")
          .contains("berth_draining 0.0\n")
          .doesNotContain("jvm_");
    }
  }

  @Test
  void setsTheLimit() throws Exception {
    assertThat(ask(admin, put("{\"connections\": 840}"))).startsWith("HTTP/1.1 200");
    assertThat(server.limit().limit()).isEqualTo(840);
  }

  @Test
  void aLimitThatWasSetByHandIsNoPolicys() throws Exception {
    ask(admin, put("{\"connections\": many}"));
    assertThat(generation).hasValue(7);
    ask(admin, put("{\"connections\": 840}"));
    assertThat(generation).hasValue(0);
  }

  @Test
  void saysWhatALimitHasToLookLike() throws Exception {
    assertThat(ask(admin, put("{\"connections\": -1}")))
        .startsWith("HTTP/1.1 400")
        .contains("a whole number from 0");
    assertThat(server.limit().limit()).isEqualTo(1);
  }

  @Test
  void readsALimitToItsEnd() throws Exception {
    assertThat(ask(admin, put("{\"connections\": 5}" + " ".repeat(2_000) + "garbage")))
        .startsWith("HTTP/1.1 413 ");
    assertThat(ask(admin, put("{\"connections\": 5}" + " ".repeat(900) + "garbage")))
        .startsWith("HTTP/1.1 400 ");
    assertThat(server.limit().limit()).isEqualTo(1);
  }

  @Test
  void leavesTheLimitAloneUnlessStartedToWrite() throws Exception {
    try (Server readOnly = adminPort(false)) {
      assertThat(ask(readOnly, put("{\"connections\": 840}"))).startsWith("HTTP/1.1 403");
      assertThat(server.limit().limit()).isEqualTo(1);
    }
  }

  @Test
  void knowsNoOtherPath() throws Exception {
    assertThat(get("/")).startsWith("HTTP/1.1 404");
    assertThat(get("/limit")).startsWith("HTTP/1.1 405").contains("Allow: OPTIONS, PUT");
  }
}
