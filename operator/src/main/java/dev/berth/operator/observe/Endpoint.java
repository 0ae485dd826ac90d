package dev.berth.operator.observe;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * Where a pod's metrics are, over HTTP/1.1. As lean as can be, since an operator keeps one of each
 * pod: a URI has the same text several times over.
 *
 * @param host an IP address, or a host's name
 * @param path with its query, if it has one
 */
public record Endpoint(String host, int port, String path) {
  private static final String ACCEPTED = "text/plain;version=0.0.4, */*;q=0.1";

  /** Its socket address; unresolved, if the host is a name that has none. */
  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }

  /** The request, asking for the metrics that count alone: those who can't choose send them all. */
  byte[] question() {
    String query = (path.indexOf('?') < 0 ? "?" : "&") + Metric.QUERY;
    String authority = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    String question =
        "GET "
            + path
            + query
            + " HTTP/1.1\r\nHost: "
            + authority
            + "\r\nAccept: "
            + ACCEPTED
            + "\r\n\r\n";
    return question.getBytes(StandardCharsets.US_ASCII);
  }
}
