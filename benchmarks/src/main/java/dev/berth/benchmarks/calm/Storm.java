package dev.berth.benchmarks.calm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * New connections at a fixed rate, each of which asks once and reads until the server hangs up; in
 * a process of its own, so as not to slow down those who measure. Arguments: port, connections per
 * second, seconds. Prints what became of them.
 */
final class Storm {
  /** What they ask for. */
  static final String PATH = "/storm";

  private static final byte[] GET =
      ("GET " + PATH + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII);
  private static final Pattern REFUSAL =
      Pattern.compile(
          "HTTP/1.1 503 .*\r\nContent-Length: (\\d+)\r\n.*\r\n\r\n(.*)", Pattern.DOTALL);
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);
  // One address has not enough ports for the connections of some seconds.
  private static final int ADDRESSES = 16;

  private final int port;
  private final Selector selector = Selector.open();
  private final Map<Fate, Integer> fates = new EnumMap<>(Fate.class);
  private final Deque<Refused> pending = new ArrayDeque<>();
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(4096);
  private int opened;
  private long lateNanos;

  /** How it ended for one of them. */
  private enum Fate {
    WHOLE_503,
    SERVED,
    INCOMPLETE,
    RESET,
    NOT_CONNECTED,
    TIMED_OUT
  }

  private Storm(int port) throws IOException {
    this.port = port;
  }

  /** What starts one, in a process of its own. */
  static List<String> command(int port, int perSecond, int seconds) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmn64m",
        "-cp",
        System.getProperty("java.class.path"),
        Storm.class.getName(),
        Integer.toString(port),
        Integer.toString(perSecond),
        Integer.toString(seconds));
  }

  public static void main(String[] arguments) throws IOException {
    Storm storm = new Storm(Integer.parseInt(arguments[0]));
    storm.rage(Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
    System.out.printf(
        "opened %d, %s, at most %d ms behind%n",
        storm.opened, storm.fates, TimeUnit.NANOSECONDS.toMillis(storm.lateNanos));
  }

  private void rage(int perSecond, int seconds) throws IOException {
    long interval = TimeUnit.SECONDS.toNanos(1) / perSecond;
    long start = System.nanoTime();
    long total = (long) perSecond * seconds;
    while (opened < total || !pending.isEmpty()) {
      long now = System.nanoTime();
      while (opened < total && now - start >= opened * interval) {
        lateNanos = Math.max(lateNanos, now - start - opened * interval);
        open();
        now = System.nanoTime();
      }
      selector.select(key -> ((Refused) key.attachment()).go(key), 1);
      giveUp(System.nanoTime());
    }
  }

  private void open() throws IOException {
    opened++;
    Refused refused = new Refused(SocketChannel.open());
    pending.add(refused);
    try {
      refused.channel.configureBlocking(false);
      refused.channel.connect(address(1 + opened % ADDRESSES));
      refused.channel.register(selector, SelectionKey.OP_CONNECT, refused);
    } catch (IOException failure) {
      refused.end(Fate.NOT_CONNECTED);
    }
  }

  private InetSocketAddress address(int last) throws IOException {
    byte[] bytes = {127, 0, 0, (byte) last};
    return new InetSocketAddress(InetAddress.getByAddress(bytes), port);
  }

  private void giveUp(long now) {
    while (!pending.isEmpty()
        && (pending.getFirst().over || now - pending.getFirst().openedNanos > PATIENCE_NANOS)) {
      pending.removeFirst().end(Fate.TIMED_OUT);
    }
  }

  private final class Refused {
    private final SocketChannel channel;
    private final long openedNanos = System.nanoTime();
    private String answer = "";
    private boolean over;

    Refused(SocketChannel channel) {
      this.channel = channel;
    }

    void go(SelectionKey key) {
      if (key.isConnectable()) {
        ask(key);
      } else {
        read();
      }
    }

    private void ask(SelectionKey key) {
      try {
        channel.finishConnect();
        channel.write(ByteBuffer.wrap(GET));
        key.interestOps(SelectionKey.OP_READ);
      } catch (IOException failure) {
        end(Fate.NOT_CONNECTED);
      }
    }

    private void read() {
      try {
        int count = channel.read(scratch.clear());
        if (count < 0) {
          end(fate());
        } else {
          byte[] bytes = new byte[count];
          scratch.flip().get(bytes);
          answer += new String(bytes, StandardCharsets.ISO_8859_1);
        }
      } catch (IOException reset) {
        end(Fate.RESET);
      }
    }

    private Fate fate() {
      if (answer.startsWith("HTTP/1.1 200")) {
        return Fate.SERVED;
      }
      Matcher refusal = REFUSAL.matcher(answer);
      boolean whole =
          refusal.matches()
              && Integer.parseInt(refusal.group(1)) == refusal.group(2).length()
              && answer.contains("\r\nRetry-After: ")
              && answer.contains("\r\nConnection: close\r\n");
      return whole ? Fate.WHOLE_503 : Fate.INCOMPLETE;
    }

    private void end(Fate fate) {
      if (!over) {
        over = true;
        fates.merge(fate, 1, Integer::sum);
        try {
          channel.close();
        } catch (IOException broken) {
          // It is gone either way.
        }
      }
    }
  }
}
