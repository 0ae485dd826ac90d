package dev.berth.server.http1;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A stream that takes content from buffers as well, so that passing it on needs no array. */
interface BufferSink {
  /** Writes all of the buffer, without holding it back. */
  void write(ByteBuffer bytes) throws IOException;
}
