package dev.berth.server.http1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A wire in memory: gives what the client sends in the pieces given, and keeps what it gets. */
final class MemoryWire implements Wire {
  private final Deque<ByteBuffer> pieces = new ArrayDeque<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private int writes;
  private boolean awaited;
  private String writtenBeforeLastPiece = "";

  MemoryWire(List<String> sent) {
    for (String piece : sent) {
      if (!piece.isEmpty()) {
        pieces.add(ByteBuffer.wrap(piece.getBytes(StandardCharsets.ISO_8859_1)));
      }
    }
  }

  @Override
  public int read(ByteBuffer into) {
    ByteBuffer piece = pieces.peek();
    if (piece == null) {
      return -1;
    }
    if (pieces.size() == 1 && piece.position() == 0) {
      writtenBeforeLastPiece = written();
    }
    int count = Math.min(piece.remaining(), into.remaining());
    into.put(piece.slice(piece.position(), count));
    piece.position(piece.position() + count);
    if (!piece.hasRemaining()) {
      pieces.remove();
    }
    return count;
  }

  // A new piece has not come yet when it is looked for, but the next time.
  @Override
  public int readNow(ByteBuffer into) {
    ByteBuffer piece = pieces.peek();
    awaited = !awaited && piece != null && piece.position() == 0;
    return awaited ? 0 : read(into);
  }

  @Override
  public void write(ByteBuffer from) {
    writes++;
    while (from.hasRemaining()) {
      written.write(from.get());
    }
  }

  @Override
  public boolean endsAfterThis() {
    return false;
  }

  String written() {
    return written.toString(StandardCharsets.ISO_8859_1);
  }

  String writtenBeforeLastPiece() {
    return writtenBeforeLastPiece;
  }

  int writes() {
    return writes;
  }
}
