package dev.berth.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.proxy.RealUpstream.Echoing;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers of others behind the proxy, and the JDK's client in front. */
final class RealUpstreamsIT {
  private static final int MUCH = 1_000_000;

  @TempDir Path folder = Path.of("");

  private final Told told = new Told();

  private Server before(RealUpstream upstream, ReverseProxy proxy) throws IOException {
    assertThat(proxy.toString()).endsWith(upstream.address().authority());
    return TestServers.builder().handler(proxy).start();
  }

  private ReverseProxy proxy(RealUpstream upstream) {
    return ReverseProxy.to(upstream.address(), UpstreamLimits.DEFAULT, told);
  }

  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    return bytes;
  }

  private static byte[] echoed(HttpClient client, Server server, BodyPublisher content)
      throws Exception {
    HttpResponse<byte[]> response =
        client.send(
            HttpRequest.newBuilder(at(server, "/")).POST(content).build(),
            BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static URI at(Server server, String path) {
    return URI.create("http://127.0.0.1:" + server.address().getPort() + path);
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @ParameterizedTest
  @EnumSource
  void sendContentOfAnyLengthBackWithoutAnythingLost(Echoing which) throws Exception {
    try (RealUpstream upstream = RealUpstream.start(which, folder);
        ReverseProxy proxy = proxy(upstream);
        Server server = before(upstream, proxy);
        HttpClient client = client()) {
      for (int count : new int[] {1, 8_191, 8_192, 65_536, 65_537, MUCH}) {
        byte[] sent = randomBytes(count);
        assertThat(echoed(client, server, BodyPublishers.ofByteArray(sent))).isEqualTo(sent);
        assertThat(
                echoed(
                    client,
                    server,
                    BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(sent))))
            .isEqualTo(sent);
      }
    }
    assertThat(told.outcomes()).hasSize(12).containsOnly(UpstreamOutcome.ANSWERED);
  }

  @ParameterizedTest
  @EnumSource
  void areAskedOnOneConnectionAgainAndAgain(Echoing which) throws Exception {
    try (RealUpstream upstream = RealUpstream.start(which, folder);
        ReverseProxy proxy = proxy(upstream);
        Server server = before(upstream, proxy);
        HttpClient client = client()) {
      for (int count = 0; count < 100; count++) {
        assertThat(echoed(client, server, BodyPublishers.ofString("hello"))).hasSize(5);
      }
    }
    assertThat(told.openedCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void areLeftToTalkWhatTheyAgreeOn(Echoing which) throws Exception {
    assumeThat(which).as("the JDK's server knows no upgrade").isNotEqualTo(Echoing.JDK);
    try (RealUpstream upstream = RealUpstream.start(which, folder);
        ReverseProxy proxy = proxy(upstream);
        Server server = before(upstream, proxy);
        RawClient client = RawClient.connect(server)) {
      client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
      assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 101 ");
      client.send("ping");
      assertThat(client.readUntil("ping")).isEqualTo("ping");
      client.send("last").halfClose();
      assertThat(client.readAll()).isEqualTo("last");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NODE", "GO"})
  void haveTheirTrailersPassedBack(Echoing which) throws Exception {
    try (RealUpstream upstream = RealUpstream.start(which, folder);
        ReverseProxy proxy = proxy(upstream);
        Server server = before(upstream, proxy);
        RawClient client = RawClient.connect(server)) {
      client.send(
          RawClient.wire(
              """
              POST / HTTP/1.1
              Host: x
              TE: trailers
              Transfer-Encoding: chunked

              2
              hi
              0

              """));
      assertThat(client.readUntil("\r\n0\r\nX-End: yes\r\n\r\n")).contains("hi");
    }
  }

  @Test
  void nginxServesFilesInAllTheWaysItKnows() throws Exception {
    byte[] sent = randomBytes(MUCH);
    Files.write(folder.resolve("file"), sent);
    Files.writeString(folder.resolve("page.html"), "<p>hello</p>".repeat(1000));
    try (RealUpstream upstream = RealUpstream.nginx(folder);
        ReverseProxy proxy = proxy(upstream);
        Server server = before(upstream, proxy);
        HttpClient client = client()) {
      HttpRequest.Builder file = HttpRequest.newBuilder(at(server, "/file"));
      HttpResponse<byte[]> whole = client.send(file.build(), BodyHandlers.ofByteArray());
      assertThat(whole.body()).isEqualTo(sent);
      assertThat(whole.headers().firstValue("Server"))
          .hasValueSatisfying(name -> assertThat(name).startsWith("nginx"));
      assertThat(client.send(file.HEAD().build(), BodyHandlers.ofString()).headers())
          .satisfies(fields -> assertThat(fields.firstValue("Content-Length")).hasValue("" + MUCH));
      HttpResponse<byte[]> part =
          client.send(
              file.GET().copy().header("Range", "bytes=10-19").build(), BodyHandlers.ofByteArray());
      assertThat(part.statusCode()).isEqualTo(206);
      assertThat(part.body()).hasSize(10);
      HttpResponse<byte[]> unchanged =
          client.send(
              file.copy()
                  .header("If-None-Match", whole.headers().firstValue("ETag").orElseThrow())
                  .build(),
              BodyHandlers.ofByteArray());
      assertThat(unchanged.statusCode()).isEqualTo(304);
      HttpResponse<byte[]> packed =
          client.send(
              HttpRequest.newBuilder(at(server, "/page.html"))
                  .header("Accept-Encoding", "gzip")
                  .build(),
              BodyHandlers.ofByteArray());
      assertThat(packed.headers().firstValue("Transfer-Encoding")).hasValue("chunked");
      assertThat(packed.body()).hasSizeBetween(10, 1000);
      assertThat(
              client
                  .send(file.POST(BodyPublishers.ofString("x")).build(), BodyHandlers.ofString())
                  .statusCode())
          .isEqualTo(405);
    }
    assertThat(told.openedCount()).isEqualTo(1);
  }
}
