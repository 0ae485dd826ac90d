package dev.berth.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A client that shows its bytes: what it sends and what it gets are written as they are on the
 * wire, in Latin-1.
 */
public final class RawClient implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Pattern LENGTH = Pattern.compile("\r\nContent-Length: (\\d+)\r\n");

  private final Socket socket;

  private RawClient(Socket socket) {
    this.socket = socket;
  }

  public static RawClient connect(Server server) throws IOException {
    return connect(server.address());
  }

  public static RawClient connect(InetSocketAddress address) throws IOException {
    return of(new Socket(address.getAddress(), address.getPort()));
  }

  /** One that speaks on a connection which is there, from either side. */
  public static RawClient of(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    return new RawClient(socket);
  }

  /** A text block as it is on the wire, where each line ends with CR LF. */
  public static String wire(String textBlock) {
    return textBlock.replace("\n", "\r\n");
  }

  /** Sends exactly this. */
  public RawClient send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Asks for a path, and goes on. */
  public RawClient get(String path) throws IOException {
    return send("GET " + path + " HTTP/1.1\r\nHost: berth\r\n\r\n");
  }

  /** Sends no more, but goes on reading. */
  public RawClient halfClose() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** All that comes until the server closes. */
  public String readAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  /** One response with a Content-Length, or what there is of it when the server closes. */
  public String readResponse() throws IOException {
    String head = readUntil("\r\n\r\n");
    Matcher length = LENGTH.matcher(head);
    int content = length.find() ? Integer.parseInt(length.group(1)) : 0;
    byte[] body = socket.getInputStream().readNBytes(content);
    return head + new String(body, StandardCharsets.ISO_8859_1);
  }

  /** What comes, up to and with that. */
  public String readUntil(String end) throws IOException {
    InputStream in = socket.getInputStream();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
      int octet = in.read();
      if (octet < 0) {
        break;
      }
      read.write(octet);
    }
    return read.toString(StandardCharsets.ISO_8859_1);
  }

  public byte[] readBytes(int count) throws IOException {
    return socket.getInputStream().readNBytes(count);
  }

  /** Hangs up. */
  public void leave() throws IOException {
    socket.close();
  }

  /** Vanishes with a reset. */
  public void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }
}
