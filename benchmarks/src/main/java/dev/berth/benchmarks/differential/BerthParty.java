package dev.berth.benchmarks.differential;

import dev.berth.server.Server;
import dev.berth.server.connection.Timeouts;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A Berth in this process that tells what it hears. */
final class BerthParty implements AutoCloseable {
  private final Server server;

  private BerthParty(Server server) {
    this.server = server;
  }

  static BerthParty start() throws IOException {
    return new BerthParty(
        Server.builder()
            .listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .handler(BerthParty::tell)
            .timeouts(Timeouts.DEFAULT.withDrain(Duration.ZERO, Duration.ofSeconds(1)))
            .start());
  }

  private static void tell(Request request, Response response) throws IOException {
    String target = request.path() + request.query().map(query -> "?" + query).orElse("");
    byte[] content = request.body().readAllBytes();
    response.header(Heard.FIELD, Heard.of(request.method(), target, content).told());
  }

  Party party() {
    return new Party("Berth", server.address());
  }

  @Override
  public void close() {
    server.stop();
  }
}
