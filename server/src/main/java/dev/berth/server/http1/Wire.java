package dev.berth.server.http1;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The two byte streams under HTTP, as a connection gives them. Used by the connection's virtual
 * thread only.
 */
public interface Wire {
  /** The most that is dropped in one piece, in bytes. */
  int SKIPPED_AT_ONCE = 4 * 1024;

  /** Reads at least one byte, waiting for it; -1 at the end, as channels do. */
  int read(ByteBuffer into) throws IOException;

  /** Reads what has come, without waiting for it: 0 if nothing has; -1 at the end. */
  default int readNow(ByteBuffer into) throws IOException {
    return read(into);
  }

  /**
   * Waits for at least one byte, and drops it; up to {@code most}, and as many as are there without
   * more waiting. Returns how many; -1 at the end.
   */
  default int skip(int most) throws IOException {
    return read(ByteBuffer.allocate(Math.min(most, SKIPPED_AT_ONCE)));
  }

  /** Whether many wait, so that each should do with as little memory as it can. */
  default boolean isFrugal() {
    return false;
  }

  /** Writes all of it, waiting while the client is slow to read. */
  void write(ByteBuffer from) throws IOException;

  /** Writes all of both, in that order, with as few calls as it can. */
  default void write(ByteBuffer first, ByteBuffer second) throws IOException {
    write(first);
    write(second);
  }

  /** Says that nothing more is written; reading goes on. */
  default void endOutput() throws IOException {}

  /**
   * Asked once for each response, as its head is written: whether the connection is to end after
   * it, for a reason of its own.
   */
  boolean endsAfterThis();

  /**
   * Says that nothing more will be written on a connection that has been upgraded, so that the wait
   * for the client's last word may be bounded.
   */
  default void saidLast() {}

  /**
   * Interrupts this thread when the client sends no more, which it has done with all that belongs
   * to its last request. Nothing is read from here on.
   */
  default void interruptOnHangUp() {}
}
