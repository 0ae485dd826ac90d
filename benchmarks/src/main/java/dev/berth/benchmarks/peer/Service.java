package dev.berth.benchmarks.peer;

import java.util.Locale;

/** What a server under measurement answers. */
public enum Service {
  /** Six bytes to any request. */
  HELLO,
  /** The request's content, of which the length is known. */
  ECHO;

  /** As the peers' last argument, and as the value of Berth's {@code --handler}. */
  public String argument() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Service of(String argument) {
    return valueOf(argument.toUpperCase(Locale.ROOT));
  }
}
