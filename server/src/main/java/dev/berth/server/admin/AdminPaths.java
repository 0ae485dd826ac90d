package dev.berth.server.admin;

import dev.berth.server.Server;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import dev.berth.server.handler.StatusException;
import dev.berth.server.limit.Rotation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The admin port's answers, about another server of the same kind. Safe for any thread. */
public final class AdminPaths {
  private static final int LISTED = 100;
  private static final int BODY_AT_MOST = 1024;
  private static final Pattern LIST_LIMIT = Pattern.compile("\\d{1,7}");
  private static final Pattern NEW_LIMIT =
      Pattern.compile("\\s*\\{\\s*\"connections\"\\s*:\\s*(0|[1-9]\\d{0,8})\\s*}\\s*");

  private final Server server;
  private final Rotation rotation;
  private final boolean writable;
  private final LongConsumer generations;

  private AdminPaths(Server server, Rotation rotation, boolean writable, LongConsumer generations) {
    this.server = server;
    this.rotation = rotation;
    this.writable = writable;
    this.generations = generations;
  }

  /**
   * The paths.
   *
   * @param server the one they tell about
   * @param rotation whether it is ready although it serves
   * @param writable whether the limit may be set through them
   * @param generations told 0 when it is: such a limit is no policy's
   */
  public static Router of(
      Server server,
      Rotation rotation,
      Handler metrics,
      boolean writable,
      LongConsumer generations) {
    AdminPaths paths = new AdminPaths(server, rotation, writable, generations);
    return Router.builder()
        .get("/metrics", metrics)
        .get("/livez", paths::live)
        .get("/readyz", paths::ready)
        .get("/connections", paths::connections)
        .put("/limit", paths::setLimit)
        .build();
  }

  private void live(Request request, Response response) throws IOException {
    if (server.broken()) {
      response.status(503).text("not alive: a thread that all connections depend on has ended\n");
    } else {
      response.text("alive\n");
    }
  }

  private void ready(Request request, Response response) throws IOException {
    if (server.drain().active()) {
      response.status(503).text("not ready: draining\n");
    } else if (server.broken()) {
      response.status(503).text("not ready: a thread that all connections depend on has ended\n");
    } else if (rotation.out()) {
      response.status(503).text("not ready: full, and others have room\n");
    } else {
      response.text("ready\n");
    }
  }

  private void connections(Request request, Response response) throws IOException {
    int most = request.queryParameter("limit").map(AdminPaths::most).orElse(LISTED);
    response.json(
        ConnectionsJson.of(
            server.limit().limit(), server.connections().count(), server.connections().list(most)));
  }

  private static int most(String asked) {
    if (!LIST_LIMIT.matcher(asked).matches()) {
      throw new StatusException(400, "limit has to be a whole number from 0 to 9999999");
    }
    return Integer.parseInt(asked);
  }

  private void setLimit(Request request, Response response) throws IOException {
    if (!writable) {
      response
          .status(403)
          .text("the limit can be set here only if the server was started with --admin-write\n");
      return;
    }
    byte[] body = request.body(BODY_AT_MOST).readAllBytes();
    Matcher limit = NEW_LIMIT.matcher(new String(body, StandardCharsets.UTF_8));
    if (!limit.matches()) {
      response
          .status(400)
          .text(
              "the body has to be {\"connections\": N}, with N a whole number from 0 to 999999999\n");
      return;
    }
    int connections = Integer.parseInt(limit.group(1));
    server.limit().move(connections);
    generations.accept(0);
    response.json("{\"connections\": " + connections + "}\n");
  }
}
