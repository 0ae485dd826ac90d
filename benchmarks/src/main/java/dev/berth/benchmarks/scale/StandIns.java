package dev.berth.benchmarks.scale;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The metrics of any number of pods, from one thread: whichever address of 127.0.0.0/8 is asked
 * answers. The text is a real server's, whose figures are replaced, and drift a little from second
 * to second.
 */
final class StandIns implements AutoCloseable {
  /** The connection limit of a pod. */
  static final int LIMIT = 1000;

  private static final int VARIANTS = 32;
  private static final int BASE_BYTES = 40 << 20;
  private static final int BYTES_OF_A_CONNECTION = 40_000;

  private final ServerSocketChannel listening;
  private final Selector selector;
  private final Function<String, String> original;
  private final Map<String, String> texts = new ConcurrentHashMap<>();
  private final Map<String, ByteBuffer[]> answers = new ConcurrentHashMap<>();
  private final ByteBuffer asked = ByteBuffer.allocateDirect(16 << 10);
  private final AtomicLong answered = new AtomicLong();
  private long second;

  /**
   * Answers from now on.
   *
   * @param original what a real server answers to a path with its query
   */
  StandIns(Function<String, String> original) throws IOException {
    this.original = original;
    this.listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress("0.0.0.0", 0), 4096);
    listening.configureBlocking(false);
    this.selector = Selector.open();
    listening.register(selector, SelectionKey.OP_ACCEPT);
    Thread.ofPlatform().daemon().name("stand-ins").start(this::serve);
  }

  int port() {
    return listening.socket().getLocalPort();
  }

  /** Answers given so far. */
  long answered() {
    return answered.get();
  }

  private void serve() {
    try {
      while (selector.isOpen()) {
        selector.select(this::serve);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.isAcceptable()) {
        accept();
      } else {
        answer(key, (SocketChannel) key.channel());
      }
    } catch (IOException gone) {
      key.cancel();
      try {
        key.channel().close();
      } catch (IOException already) {
        return;
      }
    }
  }

  private void accept() throws IOException {
    for (SocketChannel next = listening.accept(); next != null; next = listening.accept()) {
      next.configureBlocking(false);
      next.setOption(StandardSocketOptions.TCP_NODELAY, true);
      next.register(selector, SelectionKey.OP_READ);
    }
  }

  /** Takes what has come for whole requests, as requests as small as these come. */
  private void answer(SelectionKey key, SocketChannel client) throws IOException {
    asked.clear();
    if (client.read(asked) < 0) {
      key.cancel();
      client.close();
      return;
    }
    asked.flip();
    String path = path();
    long now = System.currentTimeMillis() / 1000;
    if (now != second) {
      second = now;
      answers.clear();
    }
    ByteBuffer[] variants = answers.computeIfAbsent(path, this::variants);
    int pod = ((InetSocketAddress) client.getLocalAddress()).getAddress().getAddress()[3];
    ByteBuffer answer = variants[Math.floorMod(pod, VARIANTS)].duplicate();
    while (answer.hasRemaining()) {
      client.write(answer);
    }
    answered.incrementAndGet();
  }

  /** The target of {@code GET /path?query HTTP/1.1}. */
  private String path() {
    var path = new StringBuilder();
    for (int at = 4; asked.get(at) != ' '; at++) {
      path.append((char) asked.get(at));
    }
    return path.toString();
  }

  private ByteBuffer[] variants(String path) {
    String text = texts.computeIfAbsent(path, original);
    ByteBuffer[] variants = new ByteBuffer[VARIANTS];
    for (int each = 0; each < VARIANTS; each++) {
      byte[] body = told(text, each).getBytes(StandardCharsets.UTF_8);
      byte[] head =
          "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
              .formatted(body.length)
              .getBytes(StandardCharsets.US_ASCII);
      variants[each] =
          ByteBuffer.allocateDirect(head.length + body.length).put(head).put(body).flip();
    }
    return variants;
  }

  private String told(String text, int variant) {
    // Within the tolerance of 10 %, so that nothing is scaled
    int active = (int) Math.round(690 + 15 * Math.sin((second + variant) / 10.0));
    long memory = BASE_BYTES + (long) active * BYTES_OF_A_CONNECTION;
    String next = figure(text, "berth_connections{state=\"active\"}", 60);
    next = figure(next, "berth_connections{state=\"idle\"}", active - 60L);
    next = figure(next, "berth_connection_limit", LIMIT);
    next = figure(next, "berth_memory_working_set_bytes", memory);
    next = figure(next, "berth_memory_live_bytes", memory - (24 << 20));
    next = figure(next, "berth_memory_code_bytes", 4 << 20);
    return figure(next, "berth_memory_limit_bytes", 128 << 20);
  }

  private static String figure(String text, String series, long value) {
    return Pattern.compile("(?m)^" + Pattern.quote(series) + " .*$")
        .matcher(text)
        .replaceAll(series.replace("{", "\\{") + " " + value);
  }

  @Override
  public void close() throws IOException {
    selector.close();
    listening.close();
  }
}
