package dev.berth.server.connection;

import dev.berth.server.access.Access;
import dev.berth.server.http1.Exchange;
import java.net.InetSocketAddress;

/** What the access log is told of an exchange, taken while the exchange still has it. */
final class AccessNotes {
  // The log holds some thousands of these until they are written: so what a client sends can't make
  // them large.
  private static final int TARGET_AT_MOST = 1_024;
  private static final int FIELD_AT_MOST = 256;

  private AccessNotes() {}

  static Access of(
      Exchange exchange, InetSocketAddress peer, long connection, int request, long nanos) {
    boolean understood = exchange.understood();
    return new Access(
        peer,
        connection,
        request,
        understood ? bounded(exchange.method(), FIELD_AT_MOST) : "",
        understood ? bounded(exchange.target(), TARGET_AT_MOST) : "",
        understood ? exchange.protocol() : "",
        exchange.status(),
        exchange.contentBytes(),
        nanos,
        understood ? field(exchange, "referer") : "",
        understood ? field(exchange, "user-agent") : "",
        note(exchange));
  }

  private static String note(Exchange exchange) {
    if (!exchange.refusal().isEmpty()) {
      return exchange.refusal();
    }
    return exchange.answered() || exchange.status() == 101 ? "" : "incomplete";
  }

  private static String field(Exchange exchange, String name) {
    return bounded(exchange.header(name).orElse(""), FIELD_AT_MOST);
  }

  private static String bounded(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most) + "...";
  }
}
