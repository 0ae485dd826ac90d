package dev.berth.server.websocket;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket, from its handshake on (RFC 6455). It is received from by its conversation's
 * thread, and sent to by any: what is sent leaves whole, in the order in which the threads came.
 *
 * <pre>
 *   OPEN ──we close──► our close is sent ──theirs comes, or 5 s──┐
 *     └────they close──► theirs came ─────ours is sent──────────► CLOSED
 * </pre>
 *
 * <p>What sends waits while the client is slow to read, up to the server's write timeout. So a
 * thread that sends to many should not be any of their conversations', and may prefer to hand what
 * it has to a queue for each. A thread that is interrupted while it sends breaks the connection.
 */
public final class WebSocket {
  private static final int REASON_AT_MOST = 123;
  private static final byte[] NOTHING = {};
  private static final Message.Closed ABNORMAL = new Message.Closed(CloseCode.ABNORMAL, "");

  private final FrameReader frames;
  private final OutputStream out;
  private final InetSocketAddress peer;
  private final String subprotocol;
  private final int maxMessageBytes;
  private final ReentrantLock sending = new ReentrantLock();

  // Guarded by the lock: what our close said, or that none can be.
  private Message.@Nullable Closed said;
  // The conversation's thread's: how it ended, and if it was not by a close, by what.
  private Message.@Nullable Closed ended;
  private @Nullable Exception broken;

  WebSocket(
      InputStream in,
      OutputStream out,
      InetSocketAddress peer,
      String subprotocol,
      int maxMessageBytes) {
    this.frames = new FrameReader(in);
    this.out = out;
    this.peer = peer;
    this.subprotocol = subprotocol;
    this.maxMessageBytes = maxMessageBytes;
  }

  /** The address at the other end, as its request had it. */
  public InetSocketAddress peer() {
    return peer;
  }

  /** The subprotocol that was agreed on; empty if there is none. */
  public Optional<String> subprotocol() {
    return subprotocol.isEmpty() ? Optional.empty() : Optional.of(subprotocol);
  }

  /**
   * Waits for the next message, and answers pings meanwhile. For the conversation's thread only.
   *
   * @return a {@link Message.Closed} once the WebSocket is closed, and from then on always: by the
   *     client, by {@link #close}, by the server (1001), since the client broke the protocol (1002,
   *     1007) or sent too much (1009), or since the connection broke (1006)
   */
  public Message receive() {
    if (ended != null) {
      return ended;
    }
    try {
      return next();
    } catch (Violation violation) {
      broken = violation;
      close(violation.code(), violation.sentence());
      return end(violation.code(), violation.sentence());
    } catch (IOException failure) {
      broken = failure;
      return vanished();
    }
  }

  private Message next() throws IOException, Violation {
    byte[] message = NOTHING;
    int type = Opcode.CONTINUATION;
    PayloadCheck check = PayloadCheck.NONE;
    while (frames.next()) {
      int opcode = frames.opcode();
      if (Opcode.isControl(opcode)) {
        byte[] payload = frames.payload(NOTHING, PayloadCheck.NONE);
        if (opcode == Opcode.CLOSE) {
          return closed(payload);
        }
        if (opcode == Opcode.PING) {
          transmit(Opcode.PONG, payload);
        }
        continue;
      }
      if ((type == Opcode.CONTINUATION) == (opcode == Opcode.CONTINUATION)) {
        throw Violation.ofProtocol(
            opcode == Opcode.CONTINUATION
                ? "there is no message to continue"
                : "a message begins before the last has ended");
      }
      if (type == Opcode.CONTINUATION) {
        type = opcode;
        check = type == Opcode.TEXT ? new Utf8Check() : PayloadCheck.NONE;
      }
      if (frames.length() > maxMessageBytes - message.length) {
        throw new Violation(
            CloseCode.TOO_LONG, "a message can't be longer than " + maxMessageBytes + " bytes");
      }
      message = frames.payload(message, check);
      if (frames.isLast()) {
        if (!check.isWhole()) {
          throw Violation.ofUtf8();
        }
        return type == Opcode.TEXT
            ? new Message.Text(new String(message, StandardCharsets.UTF_8))
            : new Message.Binary(message);
      }
    }
    return vanished();
  }

  // There is nobody to say a close to.
  private Message vanished() {
    sending.lock();
    try {
      if (said == null) {
        said = ABNORMAL;
      }
    } finally {
      sending.unlock();
    }
    return end(CloseCode.ABNORMAL, "");
  }

  // Their close: ours echoes its code (RFC 6455, 5.5.1).
  private Message closed(byte[] payload) throws Violation {
    CloseBody theirs = CloseBody.parse(payload);
    close(theirs.code(), theirs.reason(), theirs.echo());
    return end(theirs.code(), theirs.reason());
  }

  // Who closed first has said why.
  private Message end(int code, String reason) {
    Message.Closed first = said();
    ended = first == null ? new Message.Closed(code, reason) : first;
    return ended;
  }

  private Message.@Nullable Closed said() {
    sending.lock();
    try {
      return said;
    } finally {
      sending.unlock();
    }
  }

  /**
   * Sends a text message. Lone surrogates are sent as question marks.
   *
   * @throws IOException if the WebSocket is closed, or its client can't be reached
   */
  public void send(String text) throws IOException {
    say(Opcode.TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a binary message.
   *
   * @param bytes not to be changed before this returns
   * @throws IOException if the WebSocket is closed, or its client can't be reached
   */
  public void send(byte[] bytes) throws IOException {
    say(Opcode.BINARY, bytes);
  }

  private void say(int opcode, byte[] payload) throws IOException {
    if (!transmit(opcode, payload)) {
      throw new IOException("the WebSocket is closed");
    }
  }

  /** Asks whether the client is there. */
  void ping() throws IOException {
    transmit(Opcode.PING, NOTHING);
  }

  /** Sends a frame, unless our close has been sent: whether it was. */
  private boolean transmit(int opcode, byte[] payload) throws IOException {
    sending.lock();
    try {
      if (said != null) {
        return false;
      }
      FrameBytes.write(out, opcode, payload);
      return true;
    } catch (IOException failure) {
      // Perhaps in the middle of a frame: nothing can follow it.
      said = ABNORMAL;
      throw failure;
    } finally {
      sending.unlock();
    }
  }

  /**
   * Closes it: says so, after which nothing is sent any more. The conversation's {@link #receive}
   * still gives what the client had sent before it heard of it, and then that it is closed, within
   * five seconds. Does nothing if it is closed, or its connection broken. Waits, as what sends
   * does, also for what another thread is sending: whoever can't wait leaves it to the thread that
   * sends.
   *
   * @param code a {@link CloseCode}, or one from 3000 to 4999
   * @param reason in words, in at most 123 bytes of UTF-8
   * @throws IllegalArgumentException if a server can't send that code, or the reason is too long
   */
  public void close(int code, String reason) {
    if (!CloseCode.isServers(code)) {
      throw new IllegalArgumentException(
          "a server can't close with " + code + ", but with 1000, 1001 or from 3000 to 4999");
    }
    byte[] body = CloseBody.bytes(code, reason);
    if (body.length > REASON_AT_MOST + Short.BYTES) {
      throw new IllegalArgumentException(
          "a reason has " + REASON_AT_MOST + " bytes at most, and \"" + reason + "\" has more");
    }
    close(code, reason, body);
  }

  private void close(int code, String reason, byte[] body) {
    sending.lock();
    try {
      if (said == null) {
        said = new Message.Closed(code, reason);
        FrameBytes.write(out, Opcode.CLOSE, body);
        out.close();
      }
    } catch (IOException gone) {
      // Who receives will find that out.
    } finally {
      sending.unlock();
    }
  }

  /** Waits, after our close, for theirs: what comes before it has nobody to hear it. */
  void awaitClose() {
    while (!(receive() instanceof Message.Closed)) {
      // Nobody is there to hear it.
    }
  }

  /** Whether the conversation has been told that it is over, or has said so. */
  boolean isClosed() {
    return ended != null || said() != null;
  }

  /** What broke it, if that was not the conversation. */
  Optional<Exception> broken() {
    return Optional.ofNullable(broken);
  }
}
