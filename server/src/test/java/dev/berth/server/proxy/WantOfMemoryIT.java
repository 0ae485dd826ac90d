package dev.berth.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.FullHeap;
import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import dev.berth.server.handler.Request;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** What a proxy has borrowed, when there was no memory to give it back. */
final class WantOfMemoryIT {
  private static final int MANY = 16;

  @Test
  void connectionsThatCantBeKeptLeaveTheirPlacesToOthers() throws Exception {
    assertThat(FullHeap.run(GivingBack.class, "-Xmx32m")).isEqualTo("failed 0, lent 0");
  }

  @Test
  void tunnelsThatCantBeginHoldNothing() throws Exception {
    assertThat(FullHeap.run(Tunnelling.class, "-Xmx32m"))
        // Beside what the threads that pass back may say.
        .contains("failed 16, lent 0, streaming 0");
  }

  @Test
  void longContentThatCantBePassedOnEndsItsRequest() throws Exception {
    InputStream starved =
        new InputStream() {
          @Override
          public int read() {
            throw new OutOfMemoryError("on purpose");
          }

          @Override
          public int read(byte[] into, int offset, int length) {
            return read();
          }
        };
    try (RawUpstream upstream = new RawUpstream();
        ReverseProxy proxy =
            ReverseProxy.to(upstream.address(), UpstreamLimits.DEFAULT, UpstreamEvents.UNHEARD);
        Server server =
            TestServers.builder()
                .handler((_, response) -> proxy.handle(new Post(100_000, starved), response))
                .start();
        RawClient client = RawClient.connect(server)) {
      assertThat(client.get("/").readResponse()).startsWith("HTTP/1.1 500");
      assertThat(proxy.active()).isZero();
    }
  }

  @Test
  void shortContentLeavesItsPlaceToOthers() throws Exception {
    assertThat(FullHeap.run(Forgetting.class, "-Xmx32m")).isEqualTo("failed 0, taken 16");
  }

  private static Upstream upstream(RawUpstream server) {
    UpstreamLimits limits =
        new UpstreamLimits(MANY, Duration.ZERO, Duration.ofSeconds(60), Duration.ofSeconds(60));
    return new Upstream(server.address(), limits, UpstreamEvents.UNHEARD, System::nanoTime);
  }

  /** Does that with each of them while there is no memory: how many failed. */
  private static <T> int failures(List<T> all, Attempt<T> attempt) {
    // So that all of this code is there.
    failed(
        all,
        _ -> {
          throw new OutOfMemoryError();
        });
    int[] failed = {0};
    FullHeap.during(() -> failed[0] = failed(all, attempt));
    return failed[0];
  }

  // In a loop that takes no memory itself.
  private static <T> int failed(List<T> all, Attempt<T> attempt) {
    int failed = 0;
    for (int one = 0; one < all.size(); one++) {
      try {
        attempt.with(all.get(one));
      } catch (IOException | OutOfMemoryError failure) {
        failed++;
      }
    }
    return failed;
  }

  private interface Attempt<T> {
    void with(T one) throws IOException;
  }

  /** Gives back connections to the upstream. */
  static final class GivingBack {
    private GivingBack() {}

    public static void main(String[] arguments) throws Exception {
      try (RawUpstream server = new RawUpstream()) {
        Upstream upstream = upstream(server);
        // So that all of the code is there.
        upstream.drop(upstream.borrow());
        upstream.giveBack(upstream.borrow());
        List<UpstreamConnection> lent = new ArrayList<>();
        while (lent.size() < MANY) {
          lent.add(upstream.borrow());
        }
        int failed = failures(lent, upstream::giveBack);
        System.out.println("failed " + failed + ", lent " + upstream.active());
      }
    }
  }

  /** Begins to tunnel between connections to the upstream and clients that have gone. */
  static final class Tunnelling {
    // Made in time, as each takes memory.
    private static final InputStream GONE =
        new InputStream() {
          private final IOException reset = new IOException("on purpose");

          @Override
          public int read() throws IOException {
            throw reset;
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            throw reset;
          }
        };
    private static final OutputStream HEARS_NOTHING = OutputStream.nullOutputStream();

    private Tunnelling() {}

    public static void main(String[] arguments) throws Exception {
      try (RawUpstream server = new RawUpstream()) {
        Upstream upstream = upstream(server);
        // So that all of the code is there, the JDK's own for virtual threads that wait among it.
        UpstreamConnection silent = upstream.borrow();
        Thread waiting = Thread.ofVirtual().start(() -> failed(List.of(silent), Tunnelling::hear));
        await().until(() -> waiting.getState() == Thread.State.WAITING);
        upstream.drop(silent);
        waiting.join();
        // On a thread of its own, which its end interrupts.
        List<Tunnel> first = List.of(tunnel(upstream));
        Thread.ofPlatform().start(() -> failed(first, Tunnelling::converse)).join();
        List<Tunnel> tunnels = new ArrayList<>();
        while (tunnels.size() < MANY) {
          tunnels.add(tunnel(upstream));
        }
        int failed = failures(tunnels, Tunnelling::converse);
        System.out.println(
            "failed "
                + failed
                + ", lent "
                + upstream.active()
                + ", streaming "
                + upstream.detached());
      }
    }

    private static void hear(UpstreamConnection connection) throws IOException {
      connection.read(ByteBuffer.allocate(1));
    }

    private static Tunnel tunnel(Upstream upstream) throws Exception {
      UpstreamConnection connection = upstream.borrow();
      upstream.handOver(connection);
      return new Tunnel(upstream, connection);
    }

    private static void converse(Tunnel tunnel) throws IOException {
      tunnel.converse(GONE, HEARS_NOTHING);
    }
  }

  /** Is done with short content, and takes as much once more. */
  static final class Forgetting {
    private Forgetting() {}

    public static void main(String[] arguments) throws Exception {
      // So that all of the code is there.
      taken().close();
      List<ShortContent> first = asManyAsAreTaken();
      int failed = failures(first, ShortContent::close);
      long taken = asManyAsAreTaken().stream().filter(ShortContent::isWhole).count();
      System.out.println("failed " + failed + ", taken " + taken);
    }

    private static List<ShortContent> asManyAsAreTaken() throws IOException {
      List<ShortContent> all = new ArrayList<>();
      while (all.size() < MANY) {
        all.add(taken());
      }
      return all;
    }

    private static InputStream slow(byte[] bytes) {
      return new ByteArrayInputStream(bytes) {
        @Override
        public synchronized int available() {
          return 0;
        }
      };
    }

    private static ShortContent taken() throws IOException {
      Request request = new Post(10_000, slow(new byte[10_000]));
      UpstreamAddress nobody = UpstreamAddress.parse("http://127.0.0.1:1");
      return ShortContent.take(request, ForwardedRequest.of(request, nobody));
    }
  }

  /** A request whose content is yet to come. */
  private record Post(int length, InputStream body) implements Request {
    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String path() {
      return "/";
    }

    @Override
    public Optional<String> query() {
      return Optional.empty();
    }

    @Override
    public String protocol() {
      return "HTTP/1.1";
    }

    @Override
    public Optional<String> header(String name) {
      return headers(name).stream().findFirst();
    }

    @Override
    public List<String> headers(String name) {
      return name.equals("Content-Length") ? List.of(String.valueOf(length)) : List.of();
    }

    @Override
    public void forEachHeader(BiConsumer<? super String, ? super String> action) {}

    @Override
    public Map<String, List<String>> trailers() {
      return Map.of();
    }

    @Override
    public InetSocketAddress peer() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    }
  }
}
