package dev.berth.benchmarks.differential;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What stands behind a proxy: hears what the proxy made of a request, and tells it. Proxies frame
 * what they forward anew, so this takes their word for it; a request whose framing could be read in
 * two ways is told as one that nobody sent.
 */
final class Recorder implements AutoCloseable {
  private static final int MOST_CONTENT = 1 << 20;
  private static final Heard AMBIGUOUS = Heard.of("AMBIGUOUS", "*", new byte[0]);

  private final ServerSocketChannel channel;

  private Recorder(ServerSocketChannel channel) {
    this.channel = channel;
  }

  /** Listens on a Unix socket at that path. */
  static Recorder start(Path socket) throws IOException {
    var channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    channel.bind(UnixDomainSocketAddress.of(socket), 1024);
    var recorder = new Recorder(channel);
    Thread.ofVirtual().start(recorder::accept);
    return recorder;
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel connection = channel.accept();
        Thread.ofVirtual().start(() -> serve(connection));
      }
    } catch (IOException closed) {
      // No more proxies.
    }
  }

  private static void serve(SocketChannel connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
      Heard heard;
      do {
        heard = hear(in);
        String answer =
            "HTTP/1.1 200 OK\r\n%s: %s\r\nContent-Length: 0\r\n\r\n"
                .formatted(Heard.FIELD, heard.told());
        connection.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.US_ASCII)));
      } while (!heard.equals(AMBIGUOUS));
    } catch (IOException brokenOff) {
      // The proxy has thought better of it: there was no request.
    }
  }

  private static Heard hear(InputStream in) throws IOException {
    try {
      return request(line(in), in);
    } catch (NumberFormatException strange) {
      return AMBIGUOUS;
    }
  }

  private static Heard request(String requestLine, InputStream in) throws IOException {
    int targetAt = requestLine.indexOf(' ') + 1;
    int targetEnd = requestLine.lastIndexOf(' ');
    List<String> lengths = new ArrayList<>();
    List<String> codings = new ArrayList<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String field = line.toLowerCase(Locale.ROOT);
      if (field.startsWith("content-length:")) {
        lengths.add(field.substring(field.indexOf(':') + 1).strip());
      } else if (field.startsWith("transfer-encoding:")) {
        codings.add(field.substring(field.indexOf(':') + 1).strip());
      }
    }
    boolean chunked = !codings.isEmpty() && codings.getLast().endsWith("chunked");
    if (targetEnd <= targetAt
        || lengths.size() + codings.size() > 1
        || (!codings.isEmpty() && !chunked)) {
      return AMBIGUOUS;
    }
    byte[] content =
        chunked
            ? chunks(in)
            : content(in, lengths.isEmpty() ? 0 : Long.parseLong(lengths.getFirst()));
    return Heard.of(
        requestLine.substring(0, targetAt - 1),
        requestLine.substring(targetAt, targetEnd),
        content);
  }

  private static byte[] chunks(InputStream in) throws IOException {
    var content = new ByteArrayOutputStream();
    while (true) {
      String size = line(in);
      int extension = size.indexOf(';');
      long length = Long.parseLong(extension < 0 ? size : size.substring(0, extension), 16);
      if (length == 0) {
        break;
      }
      content.write(content(in, length));
      line(in);
    }
    while (!line(in).isEmpty()) {
      // A trailer.
    }
    return content.toByteArray();
  }

  private static byte[] content(InputStream in, long length) throws IOException {
    byte[] content = in.readNBytes((int) Math.min(length, MOST_CONTENT));
    if (content.length < length) {
      throw new EOFException();
    }
    return content;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException();
      }
      line.write(octet);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
