package dev.berth.server.proxy;

import java.net.URI;
import java.net.URISyntaxException;

/**
 * Where a proxy passes requests on to: host and port of an http URL. The host is looked up for each
 * new connection, so that it may move.
 *
 * @param host a name or an address; an IPv6 address in brackets
 * @param port 1 to 65535
 */
public record UpstreamAddress(String host, int port) {
  private static final int HTTP = 80;
  private static final int LAST_PORT = 65_535;

  /**
   * Reads a URL such as {@code http://127.0.0.1:3000}.
   *
   * @throws IllegalArgumentException if it is another kind of URL, or has a path, which nothing
   *     would be done with
   */
  public static UpstreamAddress parse(String url) {
    URI uri = uri(url);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath();
    boolean plain =
        uri.getRawUserInfo() == null && uri.getRawQuery() == null && uri.getRawFragment() == null;
    if ("https".equalsIgnoreCase(uri.getScheme())) {
      throw new IllegalArgumentException(
          "'" + url + "' is an https URL, but upstreams are spoken to by plain http");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme()) || uri.getHost() == null || !plain) {
      throw noUpstream(url);
    }
    if (!path.isEmpty() && !path.equals("/")) {
      throw new IllegalArgumentException(
          "'" + url + "' has a path, but requests keep their own: leave it out");
    }
    int port = uri.getPort() < 0 ? HTTP : uri.getPort();
    if (port == 0 || port > LAST_PORT) {
      throw new IllegalArgumentException("'" + url + "' has no port from 1 to 65535");
    }
    return new UpstreamAddress(uri.getHost(), port);
  }

  private static URI uri(String url) {
    try {
      return new URI(url);
    } catch (URISyntaxException malformed) {
      throw noUpstream(url);
    }
  }

  private static IllegalArgumentException noUpstream(String url) {
    return new IllegalArgumentException("'" + url + "' is no URL such as http://127.0.0.1:3000");
  }

  /** As a Host field names it. */
  public String authority() {
    return port == HTTP ? host : host + ":" + port;
  }
}
