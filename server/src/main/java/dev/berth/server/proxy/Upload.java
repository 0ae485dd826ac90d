package dev.berth.server.proxy;

import dev.berth.server.handler.Request;
import dev.berth.server.http1.RequestContent;
import java.io.IOException;
import java.util.Optional;

/**
 * The content of a request on its way to the upstream, by a virtual thread of its own, so that the
 * upstream may answer meanwhile. A failure on the client's side ends the connection to the
 * upstream, as the request can't become whole; one on the upstream's is left to whoever reads the
 * answer.
 */
final class Upload implements Runnable {
  private final Request request;
  private final RequestContent content;
  private final UpstreamConnection connection;
  private final Thread thread;

  // Written by its thread before it ends.
  private volatile boolean whole;
  private volatile Optional<Throwable> failure = Optional.empty();

  private Upload(Request request, RequestContent content, UpstreamConnection connection) {
    this.request = request;
    this.content = content;
    this.connection = connection;
    this.thread = Thread.ofVirtual().inheritInheritableThreadLocals(false).unstarted(this);
  }

  static Upload start(Request request, RequestContent content, UpstreamConnection connection) {
    Upload upload = new Upload(request, content, connection);
    connection.beginUpload();
    upload.thread.start();
    return upload;
  }

  /** Sends all of it on the caller's thread. */
  static void send(Request request, RequestContent content) throws IOException {
    request.body().transferTo(content);
    content.end(HopByHop.passing(request.trailers(), () -> request.headers("Connection")));
  }

  @Override
  public void run() {
    try {
      send(request, content);
      whole = true;
    } catch (UpstreamFailure broken) {
      // Perhaps it has said why.
    } catch (IOException | RuntimeException | OutOfMemoryError client) {
      failure = Optional.of(client);
      connection.close();
    } finally {
      connection.endUpload();
    }
  }

  boolean whole() {
    return whole;
  }

  /** What went wrong on the client's side. */
  Optional<Throwable> failure() {
    return failure;
  }

  void await() throws InterruptedException {
    thread.join();
  }
}
