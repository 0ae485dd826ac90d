package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Server-sent events (WHATWG HTML, 9.2): what one client posts, all that listen get at once. Each
 * listener is a handler that waits on its queue; it ends when its client goes, or the server.
 *
 * <pre>
 * curl -N localhost:8080/events &amp;
 * curl localhost:8080/events -d 'the tide is high'
 * </pre>
 */
public final class Events implements AutoCloseable {
  private static final int WAITING_AT_MOST = 1_000;
  private static final int EVENT_AT_MOST = 16 * 1024;
  private static final int HEARTBEAT_SECONDS = 15;
  private static final byte[] HEARTBEAT = ":\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] END = {};

  private final Set<BlockingQueue<byte[]>> listeners = ConcurrentHashMap.newKeySet();
  private final Server server;

  private Events(int port) throws IOException {
    Router router =
        Router.builder().get("/events", this::listen).post("/events", this::publish).build();
    server = Server.builder().listen(new InetSocketAddress(port)).handler(router).start();
  }

  static Events start(int port) throws IOException {
    return new Events(port);
  }

  Server server() {
    return server;
  }

  /** How many listen. */
  int listeners() {
    return listeners.size();
  }

  private void listen(Request request, Response response) throws Exception {
    // A client that leaves ends the wait for the next event.
    response.interruptOnHangUp();
    response.header("Content-Type", "text/event-stream").header("Cache-Control", "no-cache");
    BlockingQueue<byte[]> queue = new ArrayBlockingQueue<>(WAITING_AT_MOST);
    listeners.add(queue);
    try (OutputStream out = response.stream()) {
      // The head goes out at once, so that the client knows that it listens.
      out.flush();
      byte[] event = queue.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
      while (event == null || event.length > 0) {
        // Proxies cut what is silent for long.
        out.write(event == null ? HEARTBEAT : event);
        out.flush();
        event = queue.poll(HEARTBEAT_SECONDS, TimeUnit.SECONDS);
      }
    } finally {
      listeners.remove(queue);
    }
  }

  private void publish(Request request, Response response) throws IOException {
    byte[] body = request.body(EVENT_AT_MOST).readAllBytes();
    byte[] event = event(new String(body, StandardCharsets.UTF_8));
    // Who is too slow for a thousand events misses this one.
    listeners.forEach(queue -> queue.offer(event));
    response.status(204);
  }

  private static byte[] event(String text) {
    StringBuilder event = new StringBuilder();
    text.lines().forEach(line -> event.append("data: ").append(line).append('\n'));
    return event.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Ends the streams, so that the server need not wait for their clients to leave. */
  @Override
  public void close() {
    listeners.forEach(queue -> {
      queue.clear();
      queue.offer(END);
    });
    server.close();
  }

  public static void main(String[] arguments) throws IOException {
    Events events = start(8080);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(events::close));
  }
}
