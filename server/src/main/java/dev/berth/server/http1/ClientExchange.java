package dev.berth.server.http1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A request and its response from the side that asks, on a connection that it may ask on again.
 * Reads responses as strictly as {@link Exchange} reads requests, by the same parsers.
 *
 * <pre>
 *   ask ──► field … ──► noContent, content or chunks ──► readHead ─┬─ interim ──► readHead
 *                                                                  └─ final ──► transferTo ──► ask
 * </pre>
 *
 * Owned by the thread that asks; another may write the content.
 */
public final class ClientExchange {
  private static final int COPIED_AT_ONCE = 8 * 1024;
  private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

  private final Wire wire;
  private final RequestReader reader;
  private final RequestHead head;
  private final BodyReader body;
  private final Output out;
  private OutputStream receiver = NOWHERE;
  private boolean isHead;
  private boolean heard;
  private boolean hasContent;
  private boolean endsWithConnection;
  // Whether the other side may yet send content where there can be none.
  private boolean doubtful;

  /**
   * An exchange that has asked nothing yet.
   *
   * @param headLimit the most bytes that a response's head may have
   */
  public ClientExchange(Wire wire, int headLimit) {
    this.wire = wire;
    this.reader = RequestReader.ofResponses(headLimit);
    this.head = reader.head();
    this.body = new BodyReader(reader, wire, this::beforeWaitingForBody);
    this.out = new Output(wire);
  }

  /** Begins a request; nothing of it is sent yet. Both are known to be what a request may have. */
  public void ask(String method, String target) throws IOException {
    isHead = method.equals("HEAD");
    heard = false;
    hasContent = false;
    endsWithConnection = false;
    doubtful = false;
    out.clear();
    out.put(method);
    out.put((byte) ' ');
    out.put(target);
    out.put(" HTTP/1.1\r\n");
  }

  /** Adds a field, of which is known that it ends no line. */
  public void field(String name, String value) throws IOException {
    out.putField(name, value);
  }

  /** Sends the head of a request without content. */
  public void noContent() throws IOException {
    out.putLineEnd();
    out.flush();
  }

  /** Ends the head of a request that has so many bytes of content. */
  public RequestContent content(long length) throws IOException {
    field("Content-Length", Long.toString(length));
    out.putLineEnd();
    return new RequestContent(out, false);
  }

  /** Ends the head of a request whose content's length isn't known. */
  public RequestContent chunks() throws IOException {
    field("Transfer-Encoding", "chunked");
    out.putLineEnd();
    return new RequestContent(out, true);
  }

  /** Sends what is held back. */
  public void flush() throws IOException {
    out.flush();
  }

  /** Takes over bytes of the response that were read elsewhere. */
  public void put(ByteBuffer bytes) {
    heard |= bytes.hasRemaining();
    reader.put(bytes);
  }

  /**
   * Waits for a response's head, and returns its status. After an interim one, 100 to 199 without
   * 101, another follows.
   *
   * @throws EOFException if the connection ended instead
   * @throws MalformedResponse if it is none
   */
  public int readHead() throws IOException {
    reader.next();
    try {
      while (!reader.parse()) {
        if (reader.fill(wire) < 0) {
          throw new EOFException("the connection ended before the response");
        }
        heard = true;
      }
    } catch (BadRequest malformed) {
      throw new MalformedResponse(malformed.sentence());
    }
    beginContent();
    return head.status;
  }

  // RFC 9112, 6.3: which responses have content, and where it ends.
  private void beginContent() {
    hasContent = !isHead && head.status >= 200 && head.status != 204 && head.status != 304;
    endsWithConnection = hasContent && !head.chunked && !head.hasLength;
    // An upstream that announces content for these may well send it (RFC 9110, 8.6; RFC 9112, 6.1).
    boolean neverHasContent = head.status < 200 || head.status == 204;
    doubtful |= neverHasContent && (head.chunked || head.contentLength > 0);
    if (!hasContent) {
      head.chunked = false;
      head.contentLength = 0;
    }
    body.begin(head);
  }

  /** The response's: {@code HTTP/1.0} or {@code HTTP/1.1}. */
  public String protocol() {
    return head.minorVersion == 0 ? "HTTP/1.0" : "HTTP/1.1";
  }

  /** Whether any byte of a response to the present request has come. */
  public boolean heard() {
    return heard;
  }

  /** Whether anything has come of what follows the head that was read last. */
  public boolean hasMore() {
    return reader.buffered() > 0;
  }

  /** Whether the response has content, be it empty. */
  public boolean hasContent() {
    return hasContent;
  }

  /** Hands over each of the response's fields, as sent and in that order. */
  public void forEachHeader(BiConsumer<? super String, ? super String> action) {
    head.forEachHeader(action);
  }

  /** The value of the response's first field of that name, in any case. */
  public Optional<String> header(String name) {
    return head.header(name);
  }

  /** The values of all the response's fields of that name, in any case. */
  public List<String> headers(String name) {
    return head.headers(name);
  }

  /**
   * Passes the response's content on as it comes. What the receiver holds back is flushed before
   * more is waited for.
   *
   * @throws MalformedResponse if its framing is wrong, or it ends too early
   */
  public void transferTo(OutputStream to) throws IOException {
    receiver = to;
    try {
      if (endsWithConnection) {
        passRest(to);
      } else {
        body.passAsItComes(to);
      }
    } catch (MalformedBody malformed) {
      throw new MalformedResponse(malformed.badRequest().sentence());
    } finally {
      receiver = NOWHERE;
    }
  }

  private void passRest(OutputStream to) throws IOException {
    InputStream rest = rest();
    byte[] buffer = new byte[COPIED_AT_ONCE];
    to.flush();
    for (int count = rest.read(buffer); count >= 0; count = rest.read(buffer)) {
      to.write(buffer, 0, count);
      to.flush();
    }
  }

  /** The fields that came after the content, once that has been passed on. */
  public Map<String, List<String>> trailers() {
    return body.trailers().byName();
  }

  /** Whether all of the response has been read, and the connection may be asked again. */
  public boolean persists() {
    return !endsWithConnection
        && !doubtful
        && body.ended()
        && head.persistent()
        && reader.buffered() == 0;
  }

  /** What comes after the head, as it is, until the connection ends. */
  public InputStream rest() {
    byte[] early = new byte[reader.buffered()];
    reader.take(ByteBuffer.wrap(early), early.length);
    return new Upgraded.RawInput(wire, early);
  }

  /** What goes to the other side, as it is; closing it says that nothing follows. */
  public OutputStream raw() {
    return new Upgraded.RawOutput(wire);
  }

  private void beforeWaitingForBody() throws IOException {
    receiver.flush();
  }
}
