package dev.berth.server.websocket;

import dev.berth.server.handler.AttendedUpgrade;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** A conversation on its connection, and the server's part in it. */
final class Talk implements AttendedUpgrade {
  private static final String GOODBYE = "the server ends this connection";

  private final Conversation conversation;
  private final InetSocketAddress peer;
  private final String subprotocol;
  private final int maxMessageBytes;

  // Each side writes the one before it reads the other, so that no goodbye is lost between them.
  private volatile @Nullable WebSocket socket;
  private volatile boolean leaving;

  Talk(Conversation conversation, InetSocketAddress peer, String subprotocol, int maxMessageBytes) {
    this.conversation = conversation;
    this.peer = peer;
    this.subprotocol = subprotocol;
    this.maxMessageBytes = maxMessageBytes;
  }

  @Override
  public void converse(InputStream in, OutputStream out) throws Exception {
    WebSocket opened = new WebSocket(in, out, peer, subprotocol, maxMessageBytes);
    socket = opened;
    if (leaving) {
      goodbye();
    }
    try {
      conversation.talk(opened);
    } catch (Exception | Error failure) {
      blame(opened, failure);
    }
    opened.close(CloseCode.NORMAL, "");
    opened.awaitClose();
    blameClient(opened);
  }

  private static void blame(WebSocket opened, Throwable failure) throws Exception {
    if (failure instanceof IOException broken) {
      if (opened.isClosed()) {
        return;
      }
      // The conversation's own trouble with something else.
      blame(opened, new UncheckedIOException(broken));
    }
    opened.close(CloseCode.SERVER_ERROR, "");
    opened.awaitClose();
    switch (failure) {
      case Exception thrown -> throw thrown;
      case Error thrown -> throw thrown;
      default -> throw new AssertionError(failure);
    }
  }

  private static void blameClient(WebSocket opened) throws IOException {
    if (opened.broken().isPresent()) {
      switch (opened.broken().get()) {
        case Violation violation -> throw new ProtocolException(violation.sentence());
        // It has left without a goodbye.
        case EOFException vanished -> {}
        case IOException broken -> throw broken;
        default -> {}
      }
    }
  }

  @Override
  public void goodbye() {
    leaving = true;
    WebSocket opened = socket;
    if (opened != null) {
      opened.close(CloseCode.GOING_AWAY, GOODBYE);
    }
  }

  @Override
  public void ping() throws IOException {
    WebSocket opened = socket;
    if (opened != null) {
      opened.ping();
    }
  }
}
