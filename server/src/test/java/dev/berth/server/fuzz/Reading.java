package dev.berth.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.SplittableRandom;

/**
 * A way to read a stream to its end: octets, small and large arrays, in an order drawn from a seed.
 */
record Reading(long seed) {
  /** Reads nothing. */
  static final Reading NONE = new Reading(Long.MIN_VALUE);

  private static final int SMALL = 7;
  private static final int LARGE = 5_000;

  byte[] all(InputStream in) throws IOException {
    if (equals(NONE)) {
      return new byte[0];
    }
    var chance = new SplittableRandom(seed);
    var read = new ByteArrayOutputStream();
    byte[] large = new byte[LARGE];
    while (true) {
      int most = chance.nextInt(3) == 0 ? 1 : chance.nextBoolean() ? SMALL : LARGE;
      int octet = most == 1 ? in.read() : -1;
      int count = most == 1 ? 0 : in.read(large, 0, most);
      if (most == 1 ? octet < 0 : count < 0) {
        return read.toByteArray();
      }
      if (most == 1) {
        read.write(octet);
      } else {
        read.write(large, 0, count);
      }
    }
  }
}
