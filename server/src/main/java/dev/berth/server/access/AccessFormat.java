package dev.berth.server.access;

/** The form of a line of the access log. Each is plain ASCII, whatever the client sent. */
public enum AccessFormat {
  /**
   * The Combined Log Format of httpd and nginx, then the duration in seconds, the connection, its
   * request, and the note:
   *
   * <pre>
   * 192.0.2.7 - - [24/Nov/2026:11:12:22 +0000] "GET / HTTP/1.1" 200 6 "-" "curl/8" 0.000412 17 3 "-"
   * </pre>
   *
   * What is empty is a dash. Quotes, backslashes and all that is not visible ASCII are written as
   * {@code \xhh}.
   */
  TEXT,
  /** One JSON object (RFC 8259) a line, always with the same names in the same order. */
  JSON
}
