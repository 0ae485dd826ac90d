package dev.berth.server.proxy;

import dev.berth.server.handler.Upgrade;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Bytes both ways between a client and the upstream, once they have agreed on another protocol: the
 * client's by the connection's own thread, the upstream's by a second one. Either side may say its
 * last while the other goes on; one that breaks off breaks off the other, with a reset, so that
 * nobody takes for whole what is not. Once the client has said its last, or this server wants the
 * connection to end, the upstream may be silent no longer than in answering a request; and once the
 * upstream has, the client no longer than in sending one's content.
 */
final class Tunnel implements Upgrade {
  private final Upstream upstream;
  private final UpstreamConnection connection;
  // Whether the upstream has said its last, and the client got it. Written by the thread that
  // passes it back, before it ends.
  private boolean passedBack;

  Tunnel(Upstream upstream, UpstreamConnection connection) {
    this.upstream = upstream;
    this.connection = connection;
  }

  @Override
  public void converse(InputStream in, OutputStream out) throws IOException {
    upstream.takeOver(connection);
    boolean whole = false;
    try {
      InputStream fromUpstream = connection.exchange().rest();
      OutputStream toUpstream = connection.exchange().raw();
      connection.forgetExchange();
      Thread client = Thread.currentThread();
      Thread back =
          Thread.ofVirtual()
              .inheritInheritableThreadLocals(false)
              .start(() -> passBack(fromUpstream, out, client));
      in.transferTo(toUpstream);
      toUpstream.close();
      connection.waitNoLonger();
      back.join();
      whole = passedBack;
    } catch (InterruptedException brokenOff) {
      // So it is not whole.
    } finally {
      if (whole) {
        upstream.drop(connection);
      } else {
        upstream.breakOff(connection);
      }
    }
    if (!whole) {
      throw new IOException("the upgraded connection was broken off");
    }
  }

  @Override
  public void forgo() {
    upstream.giveUp(connection);
  }

  private void passBack(InputStream fromUpstream, OutputStream out, Thread client) {
    try {
      fromUpstream.transferTo(out);
      out.close();
      passedBack = true;
    } catch (IOException | OutOfMemoryError broken) {
      // Of which there is nobody to tell: want of memory ends a tunnel as it does a request.
    } finally {
      if (!passedBack) {
        connection.cut();
        // Its wait for the client's bytes ends, and with it the connection.
        client.interrupt();
      }
    }
  }
}
