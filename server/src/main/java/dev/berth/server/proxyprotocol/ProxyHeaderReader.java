package dev.berth.server.proxyprotocol;

import dev.berth.server.proxyprotocol.ProxyHeader.Incomplete;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads a header off a channel, to its last byte and not one further: what follows is the client's,
 * and stays in the channel. That costs a few reads more for version 1, whose end has to be looked
 * for, and nothing for version 2.
 */
public final class ProxyHeaderReader {
  private static final int ROOM_AT_FIRST = 128;

  private ProxyHeaderReader() {}

  /** Waits for a whole header; {@link Incomplete} if the channel ends before. */
  public static ProxyHeader read(ReadableByteChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(ROOM_AT_FIRST);
    while (true) {
      ProxyHeader header = ProxyHeader.parse(bytes.array(), bytes.position());
      if (!(header instanceof Incomplete(int atLeast))) {
        return header;
      }
      if (bytes.capacity() < bytes.position() + atLeast) {
        // Never much: a header that says it is long is refused
        bytes = ByteBuffer.allocate(bytes.position() + atLeast).put(bytes.flip());
      }
      bytes.limit(bytes.position() + atLeast);
      if (channel.read(bytes) < 0) {
        return header;
      }
    }
  }
}
