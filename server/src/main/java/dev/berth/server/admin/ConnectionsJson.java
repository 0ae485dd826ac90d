package dev.berth.server.admin;

import dev.berth.server.connection.ConnectionInfo;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The JSON of {@code /connections}. All of its strings are addresses and words of ours, so that
 * none needs escaping.
 */
final class ConnectionsJson {
  private ConnectionsJson() {}

  /**
   * The limit, how many connections there are, and as many of them as are listed; times in seconds.
   */
  static String of(int limit, int active, List<ConnectionInfo> listed) {
    StringBuilder json = new StringBuilder();
    json.append("{\"limit\": ").append(limit);
    json.append(", \"active\": ").append(active);
    json.append(", \"connections\": [");
    String separator = "\n";
    for (ConnectionInfo connection : listed) {
      json.append(separator);
      append(json, connection);
      separator = ",\n";
    }
    return json.append("]}\n").toString();
  }

  private static void append(StringBuilder json, ConnectionInfo connection) {
    json.append("{\"id\": ").append(connection.id());
    json.append(", \"peer\": \"").append(address(connection.peer())).append('"');
    json.append(", \"state\": \"").append(connection.state().label()).append('"');
    json.append(", \"protocol\": \"").append(connection.protocol()).append('"');
    json.append(", \"ageSeconds\": ").append(seconds(connection.age()));
    json.append(", \"idleSeconds\": ").append(seconds(connection.idle()));
    json.append(", \"requests\": ").append(connection.requests());
    json.append(", \"bytesIn\": ").append(connection.bytesIn());
    json.append(", \"bytesOut\": ").append(connection.bytesOut()).append('}');
  }

  private static String address(InetSocketAddress peer) {
    String host = peer.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + peer.getPort();
  }

  private static String seconds(Duration duration) {
    return Double.toString(duration.toMillis() / 1000.0);
  }
}
