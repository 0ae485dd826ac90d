package dev.berth.server.proxy;

import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.StatusException;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * A handler that has an upstream answer: another HTTP/1.1 server, over connections that are kept
 * and bounded in number. Content passes both ways as it comes, and upgraded connections, such as
 * WebSockets, pass as they are.
 *
 * <p>The client gets 502 if the upstream can't be reached, breaks off or answers no proper HTTP,
 * 504 if it is too slow, 503 if no connection to it becomes free in time; and sees its own
 * connection break if that happens in the middle of an answer. A request is sent a second time only
 * if its method is idempotent, it has no content, and the connection, which had been kept from an
 * earlier request, ended before a byte of an answer.
 */
public final class ReverseProxy implements Handler, AutoCloseable {
  private final Upstream upstream;
  private final Clock clock;

  private ReverseProxy(Upstream upstream) {
    this.upstream = upstream;
    this.clock = Clock.start(upstream);
  }

  /**
   * A proxy to the upstream at a URL such as {@code http://127.0.0.1:3000}, with {@linkplain
   * UpstreamLimits#DEFAULT usual limits}. Nothing is connected before the first request.
   *
   * @throws IllegalArgumentException if it is no such URL
   */
  public static ReverseProxy to(String url) {
    return to(UpstreamAddress.parse(url), UpstreamLimits.DEFAULT, UpstreamEvents.UNHEARD);
  }

  /** A proxy to that upstream, within those limits, that tells what happens. */
  public static ReverseProxy to(
      UpstreamAddress address, UpstreamLimits limits, UpstreamEvents events) {
    return to(address, limits, events, System::nanoTime);
  }

  static ReverseProxy to(
      UpstreamAddress address,
      UpstreamLimits limits,
      UpstreamEvents events,
      LongSupplier nanoTime) {
    return new ReverseProxy(new Upstream(address, limits, events, nanoTime));
  }

  @Override
  public void handle(Request request, Response response) throws Exception {
    if (endsHere(request)) {
      answerItself(request, response);
      return;
    }
    long began = System.nanoTime();
    UpstreamOutcome outcome = UpstreamOutcome.CLIENT;
    try {
      outcome = Passage.run(upstream, request, response, began);
    } catch (UpstreamFailure failure) {
      outcome = failure.outcome();
      refuse(failure, response);
    } finally {
      upstream.events().done(outcome);
    }
  }

  private static void refuse(UpstreamFailure failure, Response response) throws IOException {
    int status = failure.outcome().status();
    if (failure.outcome() == UpstreamOutcome.BUSY) {
      response.status(status).header("Retry-After", "1").text(failure.sentence() + "\n");
      return;
    }
    // Takes back what was to be passed on, or cuts the connection if some of it is on its way.
    throw new StatusException(status, failure.sentence());
  }

  // RFC 9110, 7.6.2
  private static boolean endsHere(Request request) {
    return ForwardedRequest.countsForwards(request)
        && request.header("Max-Forwards").filter(left -> left.matches("0+")).isPresent();
  }

  private static void answerItself(Request request, Response response) throws IOException {
    if (request.method().equals("OPTIONS")) {
      response.status(204);
    } else {
      response.status(501).text("this proxy answers no TRACE\n");
    }
  }

  /** The upstream's URL. */
  @Override
  public String toString() {
    return "http://" + upstream.address().authority();
  }

  /** Connections to the upstream that are lent for a request. */
  public int active() {
    return upstream.active();
  }

  /** Connections to the upstream that are kept for the next request. */
  public int idle() {
    return upstream.idle();
  }

  /** Connections to the upstream that are upgraded, or stream events. */
  public int streaming() {
    return upstream.detached();
  }

  /** Requests that wait for a connection to the upstream. */
  public int waiting() {
    return upstream.waiting();
  }

  /** Ends all connections to the upstream; for when the server has ended. */
  @Override
  public void close() {
    clock.stop();
    upstream.close();
  }
}
