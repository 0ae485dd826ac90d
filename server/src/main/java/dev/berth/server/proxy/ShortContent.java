package dev.berth.server.proxy;

import dev.berth.server.handler.Request;
import dev.berth.server.http1.RequestContent;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * A request's content if it is short, taken from the client before a connection to the upstream is
 * borrowed: so a client that sends it slowly holds none, and none that is kept is left silent until
 * the upstream ends it. Of more than {@value #SMALL} bytes, which are within what a connection is
 * reckoned to need, {@value #LARGE} are held at once; who comes later is treated as one whose
 * content is long. Owned by the connection's virtual thread.
 */
final class ShortContent implements AutoCloseable {
  private static final int SHORT = 64 * 1024;
  private static final int SMALL = 8 * 1024;
  private static final int LARGE = 16;
  private static final byte[] NOTHING = {};
  private static final Semaphore PLACES = new Semaphore(LARGE);

  private final Request request;
  private boolean whole;
  private boolean placed;
  // What has been taken; nothing of content that had come before it was asked for.
  private byte[] bytes = NOTHING;

  private ShortContent(Request request) {
    this.request = request;
  }

  /** Waits for all of it; not if the content is long, or the client to be told to send it. */
  static ShortContent take(Request request, ForwardedRequest forwarded) throws IOException {
    ShortContent content = new ShortContent(request);
    boolean taken = false;
    try {
      if (forwarded.content() instanceof ForwardedRequest.Content.Length(long length)
          && length <= SHORT
          && !forwarded.isWithheld(request)) {
        content.take((int) length);
      }
      taken = true;
      return content;
    } finally {
      if (!taken) {
        content.close();
      }
    }
  }

  private void take(int length) throws IOException {
    if (request.body().available() == length) {
      whole = true;
      return;
    }
    placed = length > SMALL && PLACES.tryAcquire();
    if (length <= SMALL || placed) {
      bytes = request.body().readNBytes(length);
      whole = true;
    }
  }

  /** Whether it has all come, so that it can be sent at once. */
  boolean isWhole() {
    return whole;
  }

  /** Sends it, and holds it no longer. */
  void send(RequestContent to) throws IOException {
    if (bytes.length == 0) {
      Upload.send(request, to);
    } else {
      to.write(bytes);
      to.end(Map.of());
    }
    close();
  }

  @Override
  public void close() {
    bytes = NOTHING;
    if (placed) {
      placed = false;
      PLACES.release();
    }
  }
}
