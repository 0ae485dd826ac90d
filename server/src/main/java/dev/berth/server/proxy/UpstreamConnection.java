package dev.berth.server.proxy;

import dev.berth.server.http1.ClientExchange;
import dev.berth.server.http1.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One connection to the upstream. Owned by the thread that has borrowed it; a second one may write
 * a request's content. What is said otherwise is for the thread that looks at the clock.
 */
final class UpstreamConnection implements Wire {
  private static final int HEAD_LIMIT = 256 * 1024;
  private static final long NOT_WAITING = Long.MAX_VALUE;
  private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final LongSupplier nanoTime;
  private Optional<ClientExchange> exchange = Optional.of(new ClientExchange(this, HEAD_LIMIT));
  private boolean reused;
  // Whether nothing has been asked since it was lent again.
  private boolean unasked;

  // Since when the upstream is waited for. Written by the thread that reads and the one that
  // writes, read by the clock's.
  private volatile long readingSince = NOT_WAITING;
  private volatile long writingSince = NOT_WAITING;
  // While content is on its way, nobody can expect an answer. Written by the thread that writes it.
  private volatile boolean uploading;
  // Since when the upstream's silence counts.
  private volatile long dueSince;
  private volatile boolean patient;
  // Written by the clock's thread, before it closes the channel.
  private volatile boolean late;
  // Since when nobody asks on it. Written by who gives it back.
  private volatile long idleSince;

  UpstreamConnection(LongSupplier nanoTime) throws IOException {
    this.channel = SocketChannel.open();
    this.nanoTime = nanoTime;
    this.dueSince = nanoTime.getAsLong();
  }

  void connect(InetSocketAddress address) throws IOException {
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    // So that an upstream whose machine has gone is found out where silence is no sign of it.
    channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
    writingSince = nanoTime.getAsLong();
    try {
      channel.connect(address);
    } finally {
      writingSince = NOT_WAITING;
    }
  }

  /** What is asked and answered on it, unless it has been forgotten. */
  ClientExchange exchange() {
    return exchange.orElseThrow();
  }

  /** Forgets all that HTTP needs, once another protocol is spoken. */
  void forgetExchange() {
    exchange = Optional.empty();
  }

  /** Whether it has answered before. */
  boolean reused() {
    return reused;
  }

  /** Whether the clock's thread has closed it. */
  boolean late() {
    return late;
  }

  /** Lets the upstream be silent for as long as it likes. */
  void waitForEver() {
    patient = true;
  }

  /** Takes that back: its silence counts from now on. */
  void waitNoLonger() {
    dueSince = nanoTime.getAsLong();
    patient = false;
  }

  /** Says that another thread writes content, before which no answer is due. */
  void beginUpload() {
    uploading = true;
  }

  void endUpload() {
    dueSince = nanoTime.getAsLong();
    uploading = false;
  }

  /** Begins to be idle. */
  void rest() {
    reused = true;
    idleSince = nanoTime.getAsLong();
  }

  long idleSince() {
    return idleSince;
  }

  /**
   * Whether the upstream has said nothing since its last answer, not even its end. What it says
   * without being asked would be taken for the next answer.
   */
  boolean isQuiet() {
    try {
      channel.configureBlocking(false);
      boolean quiet = channel.read(ByteBuffer.allocate(1)) == 0;
      channel.configureBlocking(true);
      unasked = true;
      return quiet;
    } catch (IOException gone) {
      return false;
    }
  }

  /** Waits for the first byte of an answer for so long: whether it came, or the end. */
  boolean answersWithin(Duration patience) throws IOException {
    if (exchange().hasMore()) {
      return true;
    }
    byte[] first = new byte[1];
    try {
      channel.socket().setSoTimeout((int) patience.toMillis());
      int count = channel.socket().getInputStream().read(first);
      exchange().put(ByteBuffer.wrap(first, 0, Math.max(0, count)));
      return true;
    } catch (SocketTimeoutException silent) {
      return false;
    } catch (IOException broken) {
      throw failure(broken);
    } finally {
      channel.socket().setSoTimeout(0);
    }
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    readingSince = nanoTime.getAsLong();
    try {
      return channel.read(into);
    } catch (IOException broken) {
      throw failure(broken);
    } finally {
      readingSince = NOT_WAITING;
    }
  }

  /**
   * Reads what has come, without waiting once another protocol is spoken: an answer is waited for
   * in any case, and a system call would be lost by asking first. The end is left for {@link #read}
   * to find.
   */
  @Override
  public int readNow(ByteBuffer into) throws IOException {
    if (exchange.isPresent()) {
      return read(into);
    }
    try {
      return hasCome() ? channel.read(into) : 0;
    } catch (IOException broken) {
      throw failure(broken);
    }
  }

  private boolean hasCome() throws IOException {
    return channel.socket().getInputStream().available() > 0;
  }

  @Override
  public void write(ByteBuffer from) throws IOException {
    write(NO_BYTES, from);
  }

  @Override
  public void write(ByteBuffer first, ByteBuffer second) throws IOException {
    try {
      if (unasked) {
        unasked = false;
        closeUnlessQuiet();
      }
      while (second.hasRemaining()) {
        writingSince = nanoTime.getAsLong();
        if (first.hasRemaining()) {
          channel.write(new ByteBuffer[] {first, second});
        } else {
          channel.write(second);
        }
      }
    } catch (IOException broken) {
      throw failure(broken);
    } finally {
      writingSince = NOT_WAITING;
    }
  }

  // Between its being lent and the first byte of a request its client may have been waited for, and
  // what has come meanwhile would be taken for the answer to that request.
  private void closeUnlessQuiet() throws IOException {
    if (hasCome()) {
      close();
    }
  }

  private IOException failure(IOException broken) {
    if (broken instanceof ClosedByInterruptException) {
      // Somebody wants this thread to end, which has nothing to do with the upstream.
      return broken;
    }
    return late
        ? new UpstreamFailure(UpstreamOutcome.TIMEOUT, "the upstream took too long to answer")
        : new UpstreamFailure(UpstreamOutcome.BROKEN, "the upstream ended the connection");
  }

  @Override
  public void endOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public boolean endsAfterThis() {
    return false;
  }

  /** Ends it if the upstream has been waited for since that time, or longer. */
  void endIfSilentSince(long nanos) {
    boolean silent = !uploading && !patient && dueSince - nanos <= 0 && before(readingSince, nanos);
    if (silent || before(writingSince, nanos)) {
      late = true;
      cut();
    }
  }

  private static boolean before(long since, long nanos) {
    return since != NOT_WAITING && since - nanos <= 0;
  }

  /**
   * Ends it with a reset, so that the upstream can't take what it got for all there was; for any
   * thread.
   */
  void cut() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException gone) {
      // Closed meanwhile.
    }
    close();
  }

  /** Ends it; for any thread. */
  void close() {
    try {
      channel.close();
    } catch (IOException broken) {
      // It is gone either way.
    }
  }
}
