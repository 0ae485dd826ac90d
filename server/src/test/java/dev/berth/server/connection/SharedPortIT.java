package dev.berth.server.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.server.RawClient;
import dev.berth.server.Server;
import dev.berth.server.TestServers;
import org.junit.jupiter.api.Test;

/** Servers that share a port: while one drains, the others get all that comes. */
final class SharedPortIT {
  private static Server.Builder named(String name) {
    return TestServers.builder()
        .reusePort(true)
        .handler((request, response) -> response.text(name));
  }

  private static String ask(Server server) throws Exception {
    try (RawClient client = RawClient.connect(server)) {
      String answer = client.get("/").readResponse();
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }
  }

  @Test
  void aDrainingServerLeavesThePortToTheOthersAndComesBack() throws Exception {
    try (Server one = named("one").start();
        Server other = named("other").listen(one.address()).start()) {
      await().until(() -> ask(one).equals("one"));
      await().until(() -> ask(one).equals("other"));

      one.drain().begin(Drain.Cause.ANNOTATION);
      // It closes its socket in the sweeper's next round; from then on all is the other's.
      await()
          .until(() -> {
            for (int time = 0; time < 50; time++) {
              if (!ask(other).equals("other")) {
                return false;
              }
            }
            return true;
          });

      one.drain().undo(Drain.Cause.ANNOTATION);
      await().until(() -> ask(one).equals("one"));
      assertThat(one.address()).isEqualTo(other.address());
    }
  }
}
