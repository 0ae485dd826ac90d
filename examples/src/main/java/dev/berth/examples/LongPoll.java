package dev.berth.examples;

import dev.berth.server.Server;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Router;
import dev.berth.server.handler.StatusException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Long polling: a question is answered when there is something to tell, or with 204 when there is
 * nothing for half a minute. The handler waits as any thread waits; that it is a connection's costs
 * no other.
 *
 * <pre>
 * curl -i localhost:8080/messages/0 &amp;
 * curl localhost:8080/messages -d 'the tide is high'
 * </pre>
 */
public final class LongPoll {
  private static final int MESSAGE_AT_MOST = 16 * 1024;

  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  // Guarded by the lock.
  private final List<String> messages = new ArrayList<>();

  private LongPoll(Duration patience) {
    this.patience = patience;
  }

  static Server start(int port, Duration patience) throws IOException {
    LongPoll poll = new LongPoll(patience);
    Router router =
        Router.builder()
            .get("/messages/{number}", poll::await)
            .post("/messages", poll::add)
            .build();
    return Server.builder().listen(new InetSocketAddress(port)).handler(router).start();
  }

  private void await(Request request, Response response) throws Exception {
    String number = request.parameter("number");
    if (!number.matches("\\d{1,9}")) {
      throw new StatusException(404, "messages have numbers");
    }
    int wanted = Integer.parseInt(number);
    long left = patience.toNanos();
    lock.lockInterruptibly();
    try {
      while (messages.size() <= wanted && left > 0) {
        left = added.awaitNanos(left);
      }
      if (messages.size() <= wanted) {
        response.status(204);
        return;
      }
      number = messages.get(wanted);
    } finally {
      lock.unlock();
    }
    response.text(number);
  }

  private void add(Request request, Response response) throws IOException {
    byte[] message = request.body(MESSAGE_AT_MOST).readAllBytes();
    lock.lock();
    try {
      messages.add(new String(message, StandardCharsets.UTF_8));
      response.status(201).header("Location", "/messages/" + (messages.size() - 1));
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public static void main(String[] arguments) throws IOException {
    start(8080, Duration.ofSeconds(30));
  }
}
