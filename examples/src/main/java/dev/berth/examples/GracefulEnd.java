package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.connection.Timeouts;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A server that breaks nothing when it ends: {@code close()} tells clients to go elsewhere, waits
 * until what is being answered is answered, and cuts what is left after the drain's timeout. On
 * SIGTERM by a shutdown hook; in a test by try-with-resources.
 */
public final class GracefulEnd {
  private GracefulEnd() {}

  /**
   * Serves an answer that takes its time.
   *
   * @param grace how long new connections are still served when it ends, until load balancers have
   *     noticed
   */
  static Server start(int port, Duration takes, Duration grace) throws IOException {
    return Server.builder()
        .listen(new InetSocketAddress(port))
        .timeouts(Timeouts.DEFAULT.withDrain(grace, Duration.ofSeconds(25)))
        .handler((request, response) -> {
          Thread.sleep(takes);
          response.text("done\n");
        })
        .start();
  }

  public static void main(String[] arguments) throws IOException {
    Server server = start(8080, Duration.ofSeconds(2), Duration.ofSeconds(3));
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(server::close));
  }
}
