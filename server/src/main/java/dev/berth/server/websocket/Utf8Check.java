package dev.berth.server.websocket;

/**
 * Whether bytes are UTF-8 (RFC 3629, 4), known at the first byte that is not, however they are
 * split: no overlong form, no surrogate, nothing beyond U+10FFFF. Used by one thread.
 */
final class Utf8Check implements PayloadCheck {
  private static final int LEAST = 0x80;
  private static final int MOST = 0xbf;

  // Of the character that is not whole yet: how many bytes it lacks, and between what the next one
  // has to be.
  private int lacking;
  private int least = LEAST;
  private int most = MOST;

  @Override
  public boolean goesOn(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      int octet = bytes[at];
      if (octet < 0 || lacking > 0) {
        if (!take(octet & 0xff)) {
          return false;
        }
      }
    }
    return true;
  }

  @Override
  public boolean isWhole() {
    return lacking == 0;
  }

  private boolean take(int octet) {
    if (lacking == 0) {
      return begin(octet);
    }
    boolean fits = octet >= least && octet <= most;
    least = LEAST;
    most = MOST;
    lacking--;
    return fits;
  }

  private boolean begin(int octet) {
    if (octet < 0xc2 || octet > 0xf4) {
      return false;
    }
    lacking = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
    switch (octet) {
      case 0xe0 -> least = 0xa0;
      case 0xed -> most = 0x9f;
      case 0xf0 -> least = 0x90;
      case 0xf4 -> most = 0x8f;
      default -> {}
    }
    return true;
  }
}
