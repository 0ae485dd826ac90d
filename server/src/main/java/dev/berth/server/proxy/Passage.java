package dev.berth.server.proxy;

import dev.berth.server.handler.ListField;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.http1.ClientExchange;
import dev.berth.server.http1.MalformedResponse;
import dev.berth.server.http1.RequestContent;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * One request's way to the upstream, and its answer's way back, on the virtual thread of the
 * client's connection. {@linkplain ShortContent Short content} is taken first; what is long, or
 * whose length isn't known, or which the client is yet to be told to send, goes by an {@link
 * Upload}.
 *
 * <pre>
 *   [short content] ──► ask ──► [100?] ──► content ──► head ──► answer, or tunnel
 *                        ▲                               │
 *                        └── once: a kept connection had ended before a byte of an answer
 * </pre>
 */
final class Passage {
  /** For how long a client that expects to be told so has its content withheld. */
  private static final Duration CONTINUE_WITHIN = Duration.ofSeconds(1);

  private static final int INTERIM_AT_MOST = 64;

  private final Upstream upstream;
  private final Request request;
  private final Response response;
  private final ForwardedRequest forwarded;
  private final ShortContent shortContent;
  private UpstreamConnection connection;
  private ClientExchange exchange;
  private Optional<Upload> upload = Optional.empty();
  // Whether the request has been sent to its end, by this thread.
  private boolean sent;
  private boolean answering;
  // Whether the connection is another's affair by now, or nobody's.
  private boolean givenAway;
  private boolean detached;

  private Passage(
      Upstream upstream,
      UpstreamConnection connection,
      Request request,
      Response response,
      ForwardedRequest forwarded,
      ShortContent shortContent) {
    this.upstream = upstream;
    this.request = request;
    this.response = response;
    this.forwarded = forwarded;
    this.shortContent = shortContent;
    this.connection = connection;
    this.exchange = connection.exchange();
  }

  /**
   * Passes a request on, and its answer back.
   *
   * @param began when the request's head was complete, in nanoseconds
   * @return what became of it, unless that is still to be said to the client
   * @throws UpstreamFailure if the client is to be told so, or cut if it is too late for that
   */
  static UpstreamOutcome run(Upstream upstream, Request request, Response response, long began)
      throws Exception {
    // First, as its failure would lose what is borrowed.
    ForwardedRequest forwarded = ForwardedRequest.of(request, upstream.address());
    try (ShortContent content = ShortContent.take(request, forwarded)) {
      return new Passage(upstream, upstream.borrow(), request, response, forwarded, content)
          .run(began);
    }
  }

  private UpstreamOutcome run(long began) throws Exception {
    boolean keeps = false;
    try {
      int status = status();
      upstream.events().responded(System.nanoTime() - began);
      answer(status);
      keeps = keeps();
      return UpstreamOutcome.ANSWERED;
    } catch (UpstreamFailure failure) {
      return failed(failure);
    } finally {
      end(keeps);
    }
  }

  private boolean keeps() {
    return !detached && upload.map(Upload::whole).orElse(sent) && !givenAway && exchange.persists();
  }

  private void end(boolean keeps) {
    if (keeps) {
      upstream.giveBack(connection);
    } else if (!givenAway) {
      upstream.drop(connection);
    }
  }

  private int status() throws IOException {
    try {
      return ask();
    } catch (UpstreamFailure broken) {
      boolean endedBefore =
          broken.outcome() == UpstreamOutcome.BROKEN && connection.reused() && !exchange.heard();
      if (!endedBefore || !forwarded.repeats()) {
        throw broken;
      }
      upstream.events().retried();
      connection = upstream.replace(connection);
      exchange = connection.exchange();
      return ask();
    }
  }

  private int ask() throws IOException {
    exchange.ask(forwarded.method(), forwarded.target());
    for (Field field : forwarded.fields()) {
      exchange.field(field.name(), field.value());
    }
    OptionalInt refusal = OptionalInt.empty();
    try {
      refusal = send();
    } catch (UpstreamFailure broken) {
      if (broken.outcome() != UpstreamOutcome.BROKEN) {
        throw broken;
      }
      // Perhaps it has said why.
    }
    return refusal.isPresent() ? refusal.getAsInt() : finalStatus();
  }

  // Returns the final status if the upstream wants no content.
  private OptionalInt send() throws IOException {
    return switch (forwarded.content()) {
      case ForwardedRequest.Content.None _ -> {
        exchange.noContent();
        sent = true;
        yield OptionalInt.empty();
      }
      case ForwardedRequest.Content.Length(long bytes) -> send(exchange.content(bytes));
      case ForwardedRequest.Content.Chunks _ -> send(exchange.chunks());
    };
  }

  private OptionalInt send(RequestContent content) throws IOException {
    if (shortContent.isWhole()) {
      shortContent.send(content);
      sent = true;
      return OptionalInt.empty();
    }
    boolean withheld = forwarded.isWithheld(request);
    // With the first chunk, if that has come; a length may be passed on only when it has all come.
    boolean chunkHasCome =
        forwarded.content() instanceof ForwardedRequest.Content.Chunks
            && request.body().available() > 0;
    if (!chunkHasCome) {
      exchange.flush();
    }
    OptionalInt refusal = withheld ? refusal() : OptionalInt.empty();
    if (refusal.isEmpty()) {
      upload = Optional.of(Upload.start(request, content, connection));
    }
    return refusal;
  }

  // Of a request whose client waits to hear whether to send its content; if there is none, the
  // client is told to.
  private OptionalInt refusal() throws IOException {
    int status = 0;
    for (int count = 1; status != 100 && connection.answersWithin(CONTINUE_WITHIN); count++) {
      status = readHead();
      if (!isInterim(status)) {
        return OptionalInt.of(status);
      }
      if (status != 100) {
        passInterim(status, count);
      }
    }
    response.interim(100, Map.of());
    return OptionalInt.empty();
  }

  private int finalStatus() throws IOException {
    int status = readHead();
    for (int count = 1; isInterim(status); count++) {
      boolean saidAlready = status == 100 && forwarded.expectsContinue();
      if (!saidAlready) {
        passInterim(status, count);
      }
      status = readHead();
    }
    return status;
  }

  private static boolean isInterim(int status) {
    return status < 200 && status != 101;
  }

  private void passInterim(int status, int count) throws IOException {
    if (count > INTERIM_AT_MOST) {
      throw new UpstreamFailure(
          UpstreamOutcome.MALFORMED, "the upstream gives interim answers without an end");
    }
    Map<String, List<String>> fields = new LinkedHashMap<>();
    passingFields(field -> {
      if (!field.is("Content-Length")) {
        fields.computeIfAbsent(field.name(), _ -> new ArrayList<>(1)).add(field.value());
      }
    });
    response.interim(status, fields);
  }

  private int readHead() throws IOException {
    try {
      return exchange.readHead();
    } catch (EOFException ended) {
      throw new UpstreamFailure(
          UpstreamOutcome.BROKEN, "the upstream ended the connection without an answer");
    } catch (MalformedResponse malformed) {
      throw new UpstreamFailure(
          UpstreamOutcome.MALFORMED, "the upstream's answer is malformed: " + malformed.sentence());
    }
  }

  private void passingFields(Consumer<Field> action) {
    HopByHop hops = HopByHop.of(exchange.headers("Connection"));
    exchange.forEachHeader((name, value) -> {
      if (!hops.endsHere(name)) {
        action.accept(new Field(name, value));
      }
    });
  }

  private void answer(int status) throws Exception {
    String protocol = status == 101 ? agreedProtocol() : "";
    passingFields(field -> response.header(field.name(), field.value()));
    Field via = ForwardedRequest.via(exchange.protocol());
    response.header(via.name(), via.value());
    if (status == 101) {
      tunnel(protocol);
      return;
    }
    response.status(status);
    if (status == 426) {
      // An upgrade would be passed on, so what the upstream offers is offered.
      exchange.headers("Upgrade").forEach(value -> response.header("Upgrade", value));
    }
    if (exchange.hasContent()) {
      passContent();
    } else if (upload.isPresent()) {
      begin(response.stream());
    }
    if (upload.isPresent()) {
      // To its end, as the client may still be sending.
      response.end();
      finishUpload(upload.get());
    }
  }

  private void passContent() throws IOException {
    if (upload.isEmpty() && streamsEvents()) {
      upstream.detach(connection);
      detached = true;
      response.interruptOnHangUp();
    }
    OutputStream content = response.stream();
    if (upload.isPresent()) {
      begin(content);
    }
    try {
      exchange.transferTo(content);
    } catch (MalformedResponse malformed) {
      throw new UpstreamFailure(
          UpstreamOutcome.BROKEN, "the upstream's answer is not whole: " + malformed.sentence());
    }
    HopByHop.passing(exchange.trailers(), () -> exchange.headers("Connection"))
        .forEach((name, values) -> values.forEach(value -> response.trailer(name, value)));
  }

  // From here on a failure cuts the client's connection, and so ends the upload.
  private void begin(OutputStream content) throws IOException {
    content.flush();
    answering = true;
  }

  private boolean streamsEvents() {
    return exchange
        .header("Content-Type")
        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("text/event-stream"))
        .isPresent();
  }

  private String agreedProtocol() throws UpstreamFailure {
    List<String> asked = ListField.elements(List.of(forwarded.upgrade())).toList();
    List<String> agreed = ListField.elements(exchange.headers("Upgrade")).toList();
    if (agreed.isEmpty()
        || !agreed.stream().allMatch(one -> asked.stream().anyMatch(one::equalsIgnoreCase))) {
      throw new UpstreamFailure(
          UpstreamOutcome.MALFORMED, "the upstream upgraded a connection to what nobody asked for");
    }
    return String.join(", ", agreed);
  }

  private void tunnel(String protocol) throws Exception {
    if (upload.isPresent()) {
      await(upload.get());
    }
    response.upgrade(protocol, new Tunnel(upstream, connection));
    upstream.handOver(connection);
    givenAway = true;
  }

  // The upstream may have answered before it has heard all. The rest is still passed on, unless it
  // has said that it ends the connection.
  private void finishUpload(Upload begun) throws Exception {
    if (exchange.persists()) {
      await(begun);
    } else {
      drop();
      begun.await();
    }
  }

  // What still comes from the client comes to nothing, but only its thread can tell.
  private void drop() {
    upstream.drop(connection);
    givenAway = true;
  }

  private static void await(Upload begun) throws Exception {
    begun.await();
    throwIfFailed(begun);
  }

  private static void throwIfFailed(Upload upload) throws Exception {
    Throwable failure = upload.failure().orElse(null);
    if (failure instanceof Exception client) {
      throw client;
    }
    if (failure instanceof Error full) {
      throw full;
    }
  }

  private UpstreamOutcome failed(UpstreamFailure failure) throws Exception {
    if (upload.isPresent()) {
      throwIfFailed(upload.get());
      if (!answering) {
        drop();
        say(failure);
        upload.get().await();
        return failure.outcome();
      }
    }
    throw failure;
  }

  private void say(UpstreamFailure failure) throws IOException {
    byte[] text = (failure.sentence() + "\n").getBytes(StandardCharsets.UTF_8);
    response
        .status(failure.outcome().status())
        .header("Content-Type", "text/plain; charset=utf-8")
        .header("Content-Length", String.valueOf(text.length));
    OutputStream content = response.stream();
    content.write(text);
    content.flush();
  }
}
