package dev.berth.server.http1;

import dev.berth.server.handler.ListField;
import dev.berth.server.handler.Response;
import dev.berth.server.handler.Upgrade;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes one response: a head once its content's framing is known, then the content (RFC 9112, 4 to
 * 7).
 *
 * <pre>
 *   OPEN ──body, stream full or flushed──► COMMITTED ──complete──► DONE
 *     └──────────────────complete──────────────────────────────────▲
 * </pre>
 *
 * Owned by the connection's virtual thread, and used again for its next request.
 */
final class ResponseWriter implements Response {
  private static final byte[] CONNECTION_CLOSE = ascii("Connection: close\r\n");
  private static final byte[] CONNECTION_KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
  private static final byte[] CONNECTION_UPGRADE = ascii("Connection: Upgrade\r\n");
  private static final byte[] UPGRADE = ascii("Upgrade: ");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final byte[] CONTENT_LENGTH = ascii("Content-Length: ");
  private static final byte[] LAST_CHUNK = ascii("0\r\n");
  private static final int FIELDS_AT_FIRST = 512;

  /** How the client knows where the content ends. */
  private enum Framing {
    LENGTH,
    CHUNKS,
    CLOSE,
    /** There is none, nor is it said how long it would have been. */
    NONE
  }

  private final Output out;
  private final HttpDate date;
  private final Exchange exchange;
  private final ContentStream content = new ContentStream(this);

  private byte[] fields = new byte[FIELDS_AT_FIRST];
  private int fieldsEnd;
  private int status;
  private boolean hasDate;
  private boolean hasContentType;
  private boolean hasUpgrade;
  private boolean closes;
  private boolean committed;
  private boolean completed;
  private boolean hasContent;
  private Framing framing = Framing.LENGTH;
  private boolean lengthDeclared;
  // Of a declared length, what is still to be written.
  private long remaining;
  private long contentBytes;
  private Optional<Upgrade> upgrade = Optional.empty();
  private String upgradeProtocol = "";
  // Lines of fields that come after chunked content.
  private String trailers = "";

  ResponseWriter(Output out, HttpDate date, Exchange exchange) {
    this.out = out;
    this.date = date;
    this.exchange = exchange;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Begins the next response. */
  void begin() {
    status = 200;
    fieldsEnd = 0;
    hasDate = false;
    hasContentType = false;
    hasUpgrade = false;
    closes = false;
    committed = false;
    completed = false;
    hasContent = false;
    lengthDeclared = false;
    remaining = 0;
    contentBytes = 0;
    trailers = "";
    content.begin();
    out.mark();
    takeUpgrade().ifPresent(Upgrade::forgo);
  }

  /** Whether the head is on its way, so that nothing else can be said any more. */
  boolean committed() {
    return committed;
  }

  /** Whether all of it is said. */
  boolean completed() {
    return completed;
  }

  /** Whether the connection ends after this response; known once it is committed. */
  boolean closes() {
    return closes;
  }

  /** Bytes of content, without framing. */
  long contentBytes() {
    return contentBytes;
  }

  @Override
  public int status() {
    return status;
  }

  Optional<Upgrade> upgrade() {
    return upgrade;
  }

  /** Leaves it to who begins, or forgoes, it. */
  Optional<Upgrade> takeUpgrade() {
    Optional<Upgrade> agreed = upgrade;
    upgrade = Optional.empty();
    return agreed;
  }

  /** Has the connection close after this response. */
  void close() {
    closes = true;
  }

  /** Has the connection close after this response, though its head may say nothing of it yet. */
  void closeAfterAll() {
    if (!closes) {
      closes = true;
      out.putIntoHead(CONNECTION_CLOSE);
    }
  }

  @Override
  public Response status(int newStatus) {
    checkOpen();
    if (newStatus < 200 || newStatus > 599) {
      throw new IllegalArgumentException("a handler's status is 200 to 599, not " + newStatus);
    }
    status = newStatus;
    return this;
  }

  @Override
  public Response header(String name, String value) {
    checkOpen();
    FieldRules.check(name, value);
    if (name.equalsIgnoreCase("Connection")) {
      closes = true;
      return this;
    }
    if (name.equalsIgnoreCase("Content-Length")) {
      remaining = FieldRules.length(value);
      lengthDeclared = true;
      return this;
    }
    hasDate |= name.equalsIgnoreCase("Date");
    hasUpgrade |= name.equalsIgnoreCase("Upgrade");
    hasContentType |= name.equalsIgnoreCase("Content-Type");
    addField(name, value);
    return this;
  }

  @Override
  public Response setHeader(String name, String value) {
    checkOpen();
    FieldRules.check(name, value);
    removeFields(name);
    return header(name, value);
  }

  // A field is "name: value\r\n", and neither part holds a line's end.
  private void removeFields(String name) {
    int kept = 0;
    int at = 0;
    while (at < fieldsEnd) {
      int end = at;
      while (fields[end] != '\n') {
        end++;
      }
      end++;
      if (!isNamed(at, name)) {
        System.arraycopy(fields, at, fields, kept, end - at);
        kept += end - at;
      }
      at = end;
    }
    fieldsEnd = kept;
  }

  private boolean isNamed(int field, String name) {
    int end = field + name.length();
    return end < fieldsEnd
        && fields[end] == ':'
        && new String(fields, field, name.length(), StandardCharsets.ISO_8859_1)
            .equalsIgnoreCase(name);
  }

  @Override
  public Response interruptOnHangUp() throws IOException {
    checkOpen();
    closes = true;
    exchange.interruptOnHangUp();
    return this;
  }

  private void addField(String name, String value) {
    int needed = fieldsEnd + name.length() + value.length() + 4;
    if (needed > fields.length) {
      fields = Arrays.copyOf(fields, Math.max(needed, fields.length * 2));
    }
    addText(name);
    fields[fieldsEnd++] = ':';
    fields[fieldsEnd++] = ' ';
    addText(value);
    fields[fieldsEnd++] = '\r';
    fields[fieldsEnd++] = '\n';
  }

  private void addText(String text) {
    for (int at = 0; at < text.length(); at++) {
      fields[fieldsEnd++] = (byte) text.charAt(at);
    }
  }

  @Override
  public void text(String text) throws IOException {
    typed("text/plain; charset=utf-8", text);
  }

  @Override
  public void json(String json) throws IOException {
    typed("application/json", json);
  }

  private void typed(String type, String text) throws IOException {
    checkOpen();
    if (!hasContentType) {
      header("Content-Type", type);
    }
    body(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void body(byte[] bytes) throws IOException {
    checkOpen();
    if (lengthDeclared && remaining != bytes.length && !omitsContent()) {
      throw new IllegalStateException(
          "Content-Length says " + remaining + ", but the content has " + bytes.length);
    }
    claimContent();
    framing = Framing.LENGTH;
    remaining = lengthDeclared ? remaining : bytes.length;
    commit();
    if (!omitsContent()) {
      out.put(bytes);
      contentBytes = bytes.length;
      remaining = 0;
    }
  }

  @Override
  public void interim(int interimStatus, Map<String, List<String>> interimFields)
      throws IOException {
    checkOpen();
    if (interimStatus < 100 || interimStatus > 199 || interimStatus == 101) {
      throw new IllegalArgumentException(
          "an interim status is 100, or 102 to 199, not " + interimStatus);
    }
    StringBuilder lines = new StringBuilder();
    interimFields.forEach(
        (name, values) -> values.forEach(value -> lines.append(line(name, value))));
    exchange.sendInterim(interimStatus, lines.toString());
  }

  @Override
  public void trailer(String name, String value) {
    if (completed) {
      throw new IllegalStateException("the response has been completed");
    }
    trailers += line(name, value);
  }

  // Of fields that stand elsewhere than in the response's head.
  private static String line(String name, String value) {
    FieldRules.check(name, value);
    if (Trailers.frames(name)) {
      throw new IllegalArgumentException(name + " stands in a response's head alone");
    }
    return name + ": " + value + "\r\n";
  }

  @Override
  public ContentStream stream() {
    claimContent();
    return content;
  }

  @Override
  public void upgrade(String protocol, Upgrade conversation) {
    checkOpen();
    if (hasUpgrade) {
      throw new IllegalStateException("the response has an Upgrade field already");
    }
    if (upgrade.isPresent()) {
      throw new IllegalStateException("the response has an upgrade already");
    }
    List<String> protocols = ListField.elements(List.of(protocol)).toList();
    if (protocols.isEmpty() || !protocols.stream().allMatch(exchange::asksToUpgradeTo)) {
      throw new IllegalStateException("the client did not ask for an upgrade to " + protocol);
    }
    upgradeProtocol = String.join(", ", protocols);
    upgrade = Optional.of(conversation);
  }

  private void claimContent() {
    if (hasContent) {
      throw new IllegalStateException("the response has its content already");
    }
    hasContent = true;
  }

  private void checkOpen() {
    if (committed) {
      throw new IllegalStateException("the response's head is already on its way");
    }
  }

  /** Content that nobody gets to see: HEAD's, and that of a status without one. */
  private boolean omitsContent() {
    return exchange.isHead() || Status.hasNoContent(status);
  }

  /** Sends content of a stream; the head first if this is the first of it. */
  void send(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    if (!committed) {
      framing =
          lengthDeclared
              ? Framing.LENGTH
              : exchange.understandsChunks() ? Framing.CHUNKS : Framing.CLOSE;
      commit();
    }
    if (omitsContent() || length == 0) {
      return;
    }
    contentBytes += length;
    switch (framing) {
      case LENGTH -> {
        if (length > remaining) {
          throw new IOException("the content is longer than its Content-Length");
        }
        remaining -= length;
        out.put(bytes);
      }
      case CHUNKS -> out.putChunk(bytes);
      case CLOSE, NONE -> out.put(bytes);
    }
  }

  void flush() throws IOException {
    out.flush();
  }

  @Override
  public void end() throws IOException {
    if (upgrade.isPresent()) {
      throw new IllegalStateException("an upgrade begins when the handler returns");
    }
    complete();
    content.close();
    out.flush();
    if (closes) {
      // Which may be how the client knows where the content ends.
      exchange.endOutput();
    }
  }

  /**
   * Ends the response, unless it has been: what the handler left in the stream's buffer, the last
   * chunk, or the whole of an empty one.
   */
  void complete() throws IOException {
    if (completed) {
      return;
    }
    if (!committed) {
      if (!lengthDeclared) {
        remaining = content.held();
      }
      // A handler that knows HEAD may leave out the content, whose length then isn't known (RFC
      // 9110, 8.6).
      boolean unknown = exchange.isHead() && !lengthDeclared && remaining == 0;
      framing = unknown ? Framing.NONE : endsWithTrailers() ? Framing.CHUNKS : Framing.LENGTH;
      commit();
    }
    content.release();
    if (!omitsContent()) {
      if (framing == Framing.CHUNKS) {
        out.put(LAST_CHUNK);
        out.put(trailers);
        out.putLineEnd();
      } else if (framing == Framing.LENGTH && remaining > 0) {
        throw new IOException("the content ends " + remaining + " bytes before its Content-Length");
      }
    }
    completed = true;
  }

  private boolean endsWithTrailers() {
    return !trailers.isEmpty() && !lengthDeclared && exchange.understandsChunks();
  }

  /** Sends the 101 of an accepted upgrade. */
  void completeUpgrade() throws IOException {
    status = 101;
    committed = true;
    out.put(Status.line(status));
    out.put(fields, 0, fieldsEnd);
    out.put(CONNECTION_UPGRADE);
    out.put(UPGRADE);
    out.put(upgradeProtocol);
    out.putLineEnd();
    out.putLineEnd();
    out.flush();
  }

  private void commit() throws IOException {
    committed = true;
    closes |= framing == Framing.CLOSE || exchange.endsAfterThis(closes);
    out.put(Status.line(status));
    if (!hasDate) {
      out.put(date.line());
    }
    out.put(fields, 0, fieldsEnd);
    if (closes) {
      out.put(CONNECTION_CLOSE);
    } else if (!exchange.understandsChunks()) {
      out.put(CONNECTION_KEEP_ALIVE);
    }
    if (hasUpgrade) {
      out.put(CONNECTION_UPGRADE);
    }
    putFraming();
    out.putLineEnd();
  }

  private void putFraming() throws IOException {
    if (status == 205) {
      // Without content, but not without saying so (RFC 9110, 15.3.6).
      framing = Framing.LENGTH;
      remaining = 0;
    } else if (Status.hasNoContent(status) && !(status == 304 && lengthDeclared)) {
      return;
    }
    switch (framing) {
      case LENGTH -> {
        out.put(CONTENT_LENGTH);
        out.putDecimal(remaining);
        out.putLineEnd();
      }
      case CHUNKS -> out.put(CHUNKED);
      case CLOSE, NONE -> {}
    }
  }
}
