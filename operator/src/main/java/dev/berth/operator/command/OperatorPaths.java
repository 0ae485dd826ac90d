package dev.berth.operator.command;

import dev.berth.operator.reconcile.Loop;
import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import java.io.IOException;

/** What the operator's own port answers. Safe for any thread. */
final class OperatorPaths {
  private final Loop loop;

  private OperatorPaths(Loop loop) {
    this.loop = loop;
  }

  /** {@code /livez}, {@code /readyz} and {@code /metrics}. */
  static Router of(Loop loop, Handler metrics) {
    var paths = new OperatorPaths(loop);
    return Router.builder()
        .get("/metrics", metrics)
        .get("/livez", paths::live)
        .get("/readyz", paths::ready)
        .build();
  }

  private void live(Request request, Response response) throws IOException {
    if (loop.alive()) {
      response.text("alive\n");
    } else {
      response.status(503).text("not alive: no round has begun for too long\n");
    }
  }

  private void ready(Request request, Response response) throws IOException {
    if (!loop.ready()) {
      response.status(503).text("not ready: not everything was listed yet\n");
    } else {
      response.text(loop.leading() ? "ready: leading\n" : "ready: standing by\n");
    }
  }
}
