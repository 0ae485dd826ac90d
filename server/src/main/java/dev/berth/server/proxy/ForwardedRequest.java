package dev.berth.server.proxy;

import dev.berth.server.handler.ListField;
import dev.berth.server.handler.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A client's request as it is passed on: the same method and target, and the fields that pass a
 * proxy, with those that tell of it.
 *
 * <p>X-Forwarded-For and Forwarded (RFC 7239) get this connection's client appended to what came
 * with the request, which may be a claim: who reads them has to count from the right as many
 * entries as there are proxies of its own. A Forwarded whose quotes are open is left out.
 * X-Forwarded-Proto and X-Forwarded-Host, which aren't lists, stay as they came, so that a proxy in
 * front that ends TLS can say so. What came of the four ends here, as any field does, if Connection
 * names it; and what has one of their names with an underscore for a hyphen always does.
 */
record ForwardedRequest(
    String method, String target, List<Field> fields, Content content, String upgrade) {
  private static final String NAME = "berth";
  private static final String FORWARDS_AT_MOST = "999999999";

  /** What the request brings beside its head. */
  sealed interface Content {
    /** Nothing. */
    record None() implements Content {}

    /** So many bytes. */
    record Length(long bytes) implements Content {}

    /** Some, with fields after it. */
    record Chunks() implements Content {}
  }

  /** As that upstream gets it, which is its host if the client has named none. */
  static ForwardedRequest of(Request request, UpstreamAddress upstream) {
    HopByHop hops = HopByHop.of(request.headers("Connection"));
    Content content = content(request);
    List<Field> fields = new ArrayList<>();
    String host = request.header("Host").orElse(upstream.authority());
    fields.add(new Field("Host", host));
    StringBuilder forwardedFor = new StringBuilder();
    StringBuilder forwarded = new StringBuilder();
    request.forEachHeader((name, value) -> {
      if (hops.endsHere(name)) {
        return;
      }
      if (name.equalsIgnoreCase("X-Forwarded-For")) {
        addElements(forwardedFor, value);
      } else if (name.equalsIgnoreCase("Forwarded")) {
        addElements(forwarded, closesItsQuotes(value) ? value : "");
      } else if (!isSaidOtherwise(name) && !looksLikeForwarded(name)) {
        fields.add(new Field(name, maxForwards(request, name, value)));
      }
    });
    String client = ClientName.of(request.peer().getAddress());
    fields.add(new Field("X-Forwarded-For", forwardedFor + client));
    addUnlessSaid(fields, "X-Forwarded-Proto", "http");
    addUnlessSaid(fields, "X-Forwarded-Host", host);
    fields.add(new Field("Forwarded", forwarded + element(client, host)));
    fields.add(via(request.protocol()));
    if (expects(request, content)) {
      fields.add(new Field("Expect", "100-continue"));
    }
    String upgrade = upgrade(request);
    addHops(fields, upgrade, takesTrailers(request));
    return new ForwardedRequest(request.method(), target(request), fields, content, upgrade);
  }

  private static String target(Request request) {
    return request.query().map(query -> request.path() + "?" + query).orElseGet(request::path);
  }

  private static Content content(Request request) {
    if (request.header("Transfer-Encoding").isPresent()) {
      return new Content.Chunks();
    }
    Optional<String> length = request.header("Content-Length");
    return length.isPresent()
        ? new Content.Length(Long.parseLong(length.get()))
        : new Content.None();
  }

  private static boolean isSaidOtherwise(String name) {
    return switch (name.length()) {
      case 4 -> name.equalsIgnoreCase("Host");
      case 6 -> name.equalsIgnoreCase("Expect");
      case 14 -> name.equalsIgnoreCase("Content-Length");
      default -> false;
    };
  }

  // Servers that make variables of fields' names, as CGI does, make the same of both (RFC 3875,
  // 4.1.18), and may take the client's for ours.
  private static boolean looksLikeForwarded(String name) {
    return name.indexOf('_') >= 0
        && switch (name.replace('_', '-').toLowerCase(Locale.ROOT)) {
          case "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host" -> true;
          default -> false;
        };
  }

  private static void addElements(StringBuilder list, String value) {
    if (!value.isEmpty()) {
      list.append(value).append(", ");
    }
  }

  // Within quotes that stay open, what is appended here would be part of the client's claim. A
  // backslash outside them is no part of the grammar, and some take it for an escape there too.
  private static boolean closesItsQuotes(String value) {
    boolean quoted = false;
    for (int at = 0; at < value.length(); at++) {
      char octet = value.charAt(at);
      if (octet == '"') {
        quoted = !quoted;
      } else if (octet == '\\') {
        if (!quoted) {
          return false;
        }
        at++;
      }
    }
    return !quoted;
  }

  // Only of the two methods that go from proxy to proxy to find something out (RFC 9110, 7.6.2).
  private static String maxForwards(Request request, String name, String value) {
    return name.equalsIgnoreCase("Max-Forwards")
            && value.matches("0*[1-9][0-9]*")
            && countsForwards(request)
        ? oneLess(value.replaceFirst("^0+", ""))
        : value;
  }

  // Or the most that is supported here, if that is less.
  private static String oneLess(String forwards) {
    return forwards.length() > FORWARDS_AT_MOST.length()
        ? FORWARDS_AT_MOST
        : String.valueOf(Integer.parseInt(forwards) - 1);
  }

  /** Whether the request may end its way before its target. */
  static boolean countsForwards(Request request) {
    return request.method().equals("OPTIONS") || request.method().equals("TRACE");
  }

  private static void addUnlessSaid(List<Field> fields, String name, String value) {
    if (fields.stream().noneMatch(field -> field.is(name))) {
      fields.add(new Field(name, value));
    }
  }

  // RFC 7239, 4 and 6: an IPv6 address has brackets, and what is no token has quotes.
  private static String element(String client, String host) {
    String node = client.contains(":") ? "\"[" + client + "]\"" : client;
    return "for=" + node + ";host=" + quotedUnlessPlain(host) + ";proto=http";
  }

  private static String quotedUnlessPlain(String host) {
    boolean plain =
        host.chars()
            .allMatch(letter -> Character.isLetterOrDigit(letter) || "-._".indexOf(letter) >= 0);
    return plain ? host : "\"" + host + "\"";
  }

  /** What a message that came by that protocol gets added (RFC 9110, 7.6.3). */
  static Field via(String protocol) {
    return new Field("Via", protocol.substring("HTTP/".length()) + " " + NAME);
  }

  // A length of 0 is passed on, but is none to wait for or to lose.
  private static boolean hasAny(Content content) {
    return switch (content) {
      case Content.None _ -> false;
      case Content.Length(long bytes) -> bytes > 0;
      case Content.Chunks _ -> true;
    };
  }

  private static boolean expects(Request request, Content content) {
    return hasAny(content)
        && request.protocol().equals("HTTP/1.1")
        && request.header("Expect").isPresent();
  }

  // As it is the connection's own, what a client takes after the content is asked for anew.
  private static boolean takesTrailers(Request request) {
    return ListField.elements(request.headers("TE")).anyMatch("trailers"::equalsIgnoreCase);
  }

  // Without HTTP/2: what is spoken then would pass whatever looks at requests on the way.
  private static String upgrade(Request request) {
    boolean asked =
        request.protocol().equals("HTTP/1.1")
            && ListField.elements(request.headers("Connection"))
                .anyMatch("upgrade"::equalsIgnoreCase);
    if (!asked) {
      return "";
    }
    return String.join(
        ", ",
        ListField.elements(request.headers("Upgrade"))
            .filter(protocol -> !protocol.equalsIgnoreCase("h2c"))
            .toList());
  }

  private static void addHops(List<Field> fields, String upgrade, boolean takesTrailers) {
    List<String> connection = new ArrayList<>();
    if (!upgrade.isEmpty()) {
      fields.add(new Field("Upgrade", upgrade));
      connection.add("Upgrade");
    }
    if (takesTrailers) {
      fields.add(new Field("TE", "trailers"));
      connection.add("TE");
    }
    if (!connection.isEmpty()) {
      fields.add(new Field("Connection", String.join(", ", connection)));
    }
  }

  /** Whether the client waits to be told to send its content (RFC 9110, 10.1.1). */
  boolean expectsContinue() {
    return fields.stream().anyMatch(field -> field.is("Expect"));
  }

  /** Whether the client still does: one that has begun to send waits no longer. */
  boolean isWithheld(Request request) throws IOException {
    return expectsContinue() && request.body().available() == 0;
  }

  /**
   * Whether it can be sent a second time when nobody knows whether the first one was served (RFC
   * 9110, 9.2.2): its method is idempotent, and it is still all there.
   */
  boolean repeats() {
    return !hasAny(content)
        && switch (method) {
          case "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE" -> true;
          default -> false;
        };
  }
}
