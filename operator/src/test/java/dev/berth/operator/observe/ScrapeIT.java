package dev.berth.operator.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.operator.observe.Scrape.Answered;
import dev.berth.operator.observe.Scrape.Failed;
import dev.berth.operator.observe.Scrape.Outcome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ScrapeIT {
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private ServerSocket pod;
  private Scrape scrape;

  @BeforeEach
  void open() throws IOException {
    pod = new ServerSocket(0);
    scrape = new Scrape();
  }

  @AfterEach
  void close() throws IOException {
    scrape.close();
    pod.close();
  }

  private Endpoint endpoint() {
    return new Endpoint("127.0.0.1", pod.getLocalPort(), "/metrics");
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s".formatted(body.length(), body);
  }

  /** Answers each request with {@code answer}, byte by byte as it stands. */
  private void answer(String answer) {
    accept(
        pod,
        socket -> {
          connections.incrementAndGet();
          serve(socket, answer);
        });
  }

  private static void accept(ServerSocket server, Consumer<Socket> connection) {
    Thread.ofVirtual()
        .start(() -> {
          while (!server.isClosed()) {
            try {
              Socket socket = server.accept();
              Thread.ofVirtual().start(() -> connection.accept(socket));
            } catch (IOException closed) {
              return;
            }
          }
        });
  }

  private void serve(Socket socket, String answer) {
    try (socket) {
      var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (closed.compareAndSet(true, false)) {
          return;
        }
        if (line.isEmpty() && !silent.contains(socket.getLocalAddress().getHostAddress())) {
          socket.getOutputStream().write(answer.getBytes(US_ASCII));
        }
      }
    } catch (IOException gone) {
      return;
    }
  }

  @Test
  void aConnectionIsKeptFromOneTimeToTheNext() {
    answer(ok("berth_connections 5\n"));

    for (int i = 0; i < 5; i++) {
      assertThat(((Answered) scrape.read(endpoint())).reading().active()).isEqualTo(5);
    }

    assertThat(connections).hasValue(1);
  }

  @Test
  void aPodThatSaysNothingFailsAtTheDeadline() {
    long start = System.nanoTime();

    Outcome outcome = scrape.read(endpoint());

    assertThat(outcome).isEqualTo(new Failed("no answer in 500 ms"));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(400));
  }

  @Test
  void aPodThatStopsInItsAnswerFailsAtTheDeadline() {
    answer("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\nberth_connections 5\n");

    assertThat(scrape.read(endpoint())).isEqualTo(new Failed("no answer in 500 ms"));
  }

  @Test
  void aClosedPortIsRefused() throws IOException {
    Endpoint endpoint = endpoint();
    pod.close();

    assertThat(scrape.read(endpoint)).isEqualTo(new Failed("connection refused"));
  }

  @Test
  void garbageIsAFailureInWords() {
    answer("SSH-2.0-OpenSSH_9.2\r\n\r\n");

    assertThat(scrape.read(endpoint())).isInstanceOf(Failed.class);
  }

  @Test
  void anotherStatusIsNamed() {
    answer("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");

    assertThat(scrape.read(endpoint())).isEqualTo(new Failed("answered with status 404"));
  }

  @Test
  void anEndlessAnswerIsCutOff() {
    answer("HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + "x".repeat(9_000_000));

    assertThat(scrape.read(endpoint()))
        .isEqualTo(new Failed("its answer is larger than 4194304 bytes"));
  }

  @Test
  void anInterimAnswerIsPassedOver() {
    answer("HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n" + ok("berth_connections 5\n"));

    assertThat(((Answered) scrape.read(endpoint())).reading().active()).isEqualTo(5);
  }

  @Test
  void chunksAreJoined() {
    answer(
        """
        HTTP/1.1 200 OK\r
        Transfer-Encoding: chunked\r
        \r
        b;why=not\r
        berth_conne\r
        9\r
        ctions 5
        \r
        0\r
        Trailer: it\r
        \r
        """);

    for (int i = 0; i < 3; i++) {
      assertThat(((Answered) scrape.read(endpoint())).reading().active()).isEqualTo(5);
    }

    assertThat(connections).hasValue(1);
  }

  @Test
  void anAnswerThatEndsItsConnectionIsTakenAndTheNextOneHasItsOwn() {
    answer("HTTP/1.1 200 OK\r\nConnection: close\r\n" + ok("berth_connections 5\n").substring(17));

    scrape.read(endpoint());

    assertThat(((Answered) scrape.read(endpoint())).reading().active()).isEqualTo(5);
    assertThat(connections).hasValue(2);
  }

  @Test
  void aConnectionThatWasClosedMeanwhileIsNoFailure() throws IOException {
    answer(ok("berth_connections 5\n"));
    scrape.read(endpoint());

    closed.set(true);

    assertThat(((Answered) scrape.read(endpoint())).reading().active()).isEqualTo(5);
    assertThat(connections).hasValue(2);
  }

  @Test
  void aPodThatSaysNothingDoesNotHoldThoseWhoseConnectionIsKept() throws IOException {
    answer(ok("berth_connections 5\n"));
    var pods = new LinkedHashMap<String, Endpoint>();
    for (int host = 1; host <= 8; host++) {
      pods.put("pod-" + host, new Endpoint("127.0.0." + host, pod.getLocalPort(), "/metrics"));
    }
    scrape.readAll(pods);
    silent.add("127.0.0.1");

    var outcomes = new LinkedHashMap<>(scrape.readAll(pods));

    assertThat(outcomes.remove("pod-1")).isEqualTo(new Failed("no answer in 500 ms"));
    assertThat(outcomes.values()).hasSize(7).allMatch(Answered.class::isInstance);
  }

  @Test
  void onePodThatSaysNothingDoesNotHoldTheOthers() {
    answer(ok("berth_connections 5\n"));
    try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var outcomes =
          scrape.readAll(
              Map.of(
                  "a", endpoint(),
                  "b", new Endpoint("127.0.0.1", silent.getLocalPort(), "/metrics"),
                  "c", endpoint()));

      assertThat(outcomes.get("a")).isInstanceOf(Answered.class);
      assertThat(outcomes.get("b")).isEqualTo(new Failed("no answer in 500 ms"));
      assertThat(outcomes.get("c")).isInstanceOf(Answered.class);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Test
  void manyPodsThatSayNothingHoldNobodyForLongAndAreHeardOnceTheySpeak() throws IOException {
    var open = new AtomicInteger();
    var most = new AtomicInteger();
    var speaking = new AtomicBoolean();
    try (var silent = new ServerSocket(0, 4_096);
        var patient = new Scrape(Duration.ofSeconds(2))) {
      accept(
          silent,
          socket -> {
            most.accumulateAndGet(open.incrementAndGet(), Math::max);
            if (speaking.get()) {
              serve(socket, ok("berth_connections 5\n"));
            } else {
              drain(socket);
            }
            open.decrementAndGet();
          });
      var pods = new LinkedHashMap<String, Endpoint>();
      for (int host = 1; host <= 600; host++) {
        pods.put(
            "pod-" + host,
            new Endpoint(
                "127.0.%d.%d".formatted(host / 250, 1 + host % 250),
                silent.getLocalPort(),
                "/metrics"));
      }
      for (int round = 0; round < 2; round++) {
        assertThat(patient.readAll(pods)).hasSize(600);
      }
      long start = System.nanoTime();
      assertThat(patient.readAll(pods)).hasSize(600).allSatisfy(ScrapeIT::saysNothing);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(1));

      // While they are asked apart, one that has just come is heard at once
      answer(ok("berth_connections 5\n"));
      assertThat(patient.read(endpoint())).isInstanceOf(Answered.class);
      // Never all at once: 256 and 64, and those whose end the other side has yet to notice
      assertThat(most).hasValueLessThan(500);

      speaking.set(true);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> patient.readAll(pods).values().stream().allMatch(Answered.class::isInstance));
    }
  }

  private static void saysNothing(String pod, Outcome outcome) {
    assertThat(outcome).isEqualTo(new Failed("no answer in 2000 ms"));
  }

  private static void drain(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    } catch (IOException gone) {
      return;
    }
  }

  @Test
  void aPodThatIsLateOnceIsAskedAgainAtOnce() {
    silent.add("127.0.0.1");
    answer(ok("berth_connections 5\n"));
    scrape.read(endpoint());
    silent.clear();

    assertThat(scrape.read(endpoint())).isInstanceOf(Answered.class);
  }
}
