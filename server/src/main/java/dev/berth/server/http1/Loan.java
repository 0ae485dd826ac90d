package dev.berth.server.http1;

import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Upgrade;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A request and its response as a handler holds them: good until the handler returns, and nothing
 * but an exception after that. The exchange behind it serves other clients then, and what a handler
 * kept for too long must not speak to them.
 *
 * <p>A handler may pass it to other threads as long as it waits for them. One that still writes
 * while the handler returns is too late to be stopped, so it is only remembered that there was
 * another thread: each writes one of the two fields before it reads the other, so that either the
 * thread sees the end, or the end sees the thread.
 */
final class Loan implements Request, Response {
  private final Thread owner = Thread.currentThread();
  private volatile @Nullable Exchange exchange;
  private volatile boolean shared;

  Loan(Exchange exchange) {
    this.exchange = exchange;
  }

  /** Ends it: whether another thread than the handler's own has ever used it. */
  boolean expire() {
    exchange = null;
    return shared;
  }

  private Exchange exchange() {
    Exchange lent = lent();
    if (lent == null) {
      throw new IllegalStateException(
          "the handler has returned, and its request and response ended with that");
    }
    return lent;
  }

  private void checkStream() throws IOException {
    if (lent() == null) {
      throw new IOException("the handler has returned, and its streams ended with that");
    }
  }

  private void checkBody() throws IOException {
    checkStream();
    Exchange lent = exchange;
    if (Thread.currentThread() != owner && lent != null) {
      lent.readElsewhere();
    }
  }

  private @Nullable Exchange lent() {
    if (Thread.currentThread() != owner) {
      shared = true;
    }
    return exchange;
  }

  @Override
  public String method() {
    return exchange().method();
  }

  @Override
  public String path() {
    return exchange().path();
  }

  @Override
  public Optional<String> query() {
    return exchange().query();
  }

  @Override
  public String protocol() {
    return exchange().protocol();
  }

  @Override
  public Optional<String> header(String name) {
    return exchange().header(name);
  }

  @Override
  public List<String> headers(String name) {
    return exchange().headers(name);
  }

  @Override
  public void forEachHeader(BiConsumer<? super String, ? super String> action) {
    exchange().forEachHeader(action);
  }

  @Override
  public InetSocketAddress peer() {
    return exchange().peer();
  }

  @Override
  public InputStream body() {
    return new Body(exchange().body());
  }

  @Override
  public Map<String, List<String>> trailers() {
    return exchange().trailers();
  }

  @Override
  public Response status(int status) {
    exchange().response().status(status);
    return this;
  }

  @Override
  public int status() {
    return exchange().response().status();
  }

  @Override
  public Response header(String name, String value) {
    exchange().response().header(name, value);
    return this;
  }

  @Override
  public Response setHeader(String name, String value) {
    exchange().response().setHeader(name, value);
    return this;
  }

  @Override
  public Response interruptOnHangUp() throws IOException {
    exchange().response().interruptOnHangUp();
    return this;
  }

  @Override
  public void interim(int status, Map<String, List<String>> fields) throws IOException {
    exchange().response().interim(status, fields);
  }

  @Override
  public void trailer(String name, String value) {
    exchange().response().trailer(name, value);
  }

  @Override
  public void text(String text) throws IOException {
    exchange().response().text(text);
  }

  @Override
  public void json(String json) throws IOException {
    exchange().response().json(json);
  }

  @Override
  public void body(byte[] content) throws IOException {
    exchange().response().body(content);
  }

  @Override
  public OutputStream stream() throws IOException {
    return new Content(exchange().stream());
  }

  @Override
  public void end() throws IOException {
    exchange().response().end();
  }

  @Override
  public void upgrade(String protocol, Upgrade conversation) {
    exchange().response().upgrade(protocol, conversation);
  }

  private final class Body extends InputStream {
    private final InputStream body;

    Body(InputStream body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      checkBody();
      return body.read();
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      checkBody();
      return body.read(into, offset, length);
    }

    @Override
    public long transferTo(OutputStream out) throws IOException {
      checkBody();
      // Its own response's content needs no second guard, and takes more than arrays.
      return body.transferTo(out instanceof Content own && own.of(Loan.this) ? own.content : out);
    }

    @Override
    public long skip(long count) throws IOException {
      checkBody();
      return body.skip(count);
    }

    @Override
    public int available() throws IOException {
      checkBody();
      return body.available();
    }
  }

  private final class Content extends OutputStream implements BufferSink {
    private final ContentStream content;

    Content(ContentStream content) {
      this.content = content;
    }

    boolean of(Loan loan) {
      return loan == Loan.this;
    }

    @Override
    public void write(int octet) throws IOException {
      checkStream();
      content.write(octet);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      checkStream();
      content.write(bytes, offset, length);
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      checkStream();
      content.write(bytes);
    }

    @Override
    public void flush() throws IOException {
      checkStream();
      content.flush();
    }

    @Override
    public void close() throws IOException {
      if (lent() != null) {
        content.close();
      }
    }
  }
}
