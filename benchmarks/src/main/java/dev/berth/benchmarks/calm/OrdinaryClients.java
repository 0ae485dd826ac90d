package dev.berth.benchmarks.calm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Keep-alive connections that ask in turn, at a fixed rate, whatever the server does: a request
 * that is due is sent, answered or not what came before it, and its latency counts from when it was
 * due. So a server that stalls is not asked less, and no stall goes uncounted (coordinated
 * omission).
 *
 * <p>One thread sends, one reads.
 */
final class OrdinaryClients implements AutoCloseable {
  private static final byte[] GET =
      "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] GOOD = "HTTP/1.1 200".getBytes(StandardCharsets.US_ASCII);

  private final List<Client> clients = new ArrayList<>();
  private final Recorder latencies = new Recorder(TimeUnit.SECONDS.toNanos(100), 3);
  private final AtomicLong errors = new AtomicLong();
  private final Selector selector = Selector.open();
  private volatile long intervalNanos;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(64 * 1024);
  private volatile boolean stopped;

  private OrdinaryClients() throws IOException {}

  /** Opens so many, asks once on each, and begins. */
  static OrdinaryClients start(InetSocketAddress server, int count, int perSecond)
      throws IOException {
    OrdinaryClients clients = new OrdinaryClients();
    clients.ask(perSecond);
    for (int i = 0; i < count; i++) {
      clients.clients.add(clients.open(server));
    }
    Thread.ofPlatform().name("ask").daemon().start(clients::ask);
    Thread.ofPlatform().name("read").daemon().start(clients::read);
    return clients;
  }

  private Client open(InetSocketAddress server) throws IOException {
    SocketChannel channel = SocketChannel.open(server);
    channel.write(ByteBuffer.wrap(GET));
    ByteBuffer answer = ByteBuffer.allocate(4096);
    do {
      if (channel.read(answer) < 0) {
        throw new IOException("refused: the server closed the connection");
      }
    } while (answer.get(answer.position() - 1) != '\n');
    channel.configureBlocking(false);
    Client client = new Client(channel, answer.position());
    channel.register(selector, SelectionKey.OP_READ, client);
    return client;
  }

  /** Has them ask at another rate from now on. */
  void ask(int perSecond) {
    intervalNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /** What they see in the time to come. */
  Figures measure(int seconds) throws InterruptedException {
    latencies.reset();
    long errorsBefore = errors.get();
    Histogram all = new Histogram(latencies.getIntervalHistogram());
    List<Double> bySecond = new ArrayList<>();
    for (int second = 0; second < seconds; second++) {
      TimeUnit.SECONDS.sleep(1);
      Histogram its = latencies.getIntervalHistogram();
      bySecond.add(its.getValueAtPercentile(99) / 1e6);
      all.add(its);
    }
    return Figures.of(all, errors.get() - errorsBefore, bySecond);
  }

  private void ask() {
    long due = System.nanoTime();
    for (int turn = 0; !stopped; turn = (turn + 1) % clients.size()) {
      due += intervalNanos;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      clients.get(turn).ask(due);
    }
  }

  private void read() {
    try {
      while (!stopped) {
        selector.select(key -> ((Client) key.attachment()).read(key));
      }
    } catch (IOException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    selector.wakeup();
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  private final class Client {
    private final SocketChannel channel;
    private final int answerBytes;
    private final Queue<Long> due = new ConcurrentLinkedQueue<>();
    private int read;

    Client(SocketChannel channel, int answerBytes) {
      this.channel = channel;
      this.answerBytes = answerBytes;
    }

    void ask(long dueNanos) {
      due.add(dueNanos);
      try {
        if (channel.write(ByteBuffer.wrap(GET)) < GET.length) {
          errors.incrementAndGet();
        }
      } catch (IOException broken) {
        errors.incrementAndGet();
      }
    }

    void read(SelectionKey key) {
      try {
        int count = channel.read(scratch.clear());
        if (count < 0) {
          throw new IOException("closed");
        }
        long now = System.nanoTime();
        for (int at = 0; at < count; at++) {
          if (read < GOOD.length && scratch.get(at) != GOOD[read]) {
            throw new IOException("not a 200");
          }
          if (++read == answerBytes) {
            read = 0;
            Long since = due.poll();
            latencies.recordValue(since == null ? 0 : now - since);
          }
        }
      } catch (IOException broken) {
        errors.incrementAndGet();
        key.cancel();
      }
    }
  }
}
