package dev.berth.benchmarks.differential;

import java.nio.charset.StandardCharsets;

/** What a client sends on one connection; each character of {@code bytes} is one octet. */
record Case(String name, String bytes) {
  private static final String SENTINEL = "GET /sentinel HTTP/1.1\r\nHost: s\r\n\r\n";

  /**
   * All that is sent: the bytes, and a request that anybody hears who agrees where the ones before
   * it end.
   */
  byte[] sent() {
    return (bytes + SENTINEL).getBytes(StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return name + ": " + Escapes.escape(bytes);
  }
}
