package dev.berth.server.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A request head by the ABNF of RFC 9110, RFC 9112 and RFC 3986, and what Berth asks beyond it.
 * Each character is an octet. Slow and simple: it is what the parser is held against.
 */
final class HeadGrammar {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final String UNRESERVED = "A-Za-z0-9._~\\-";
  private static final String SUB_DELIMS = "!$&'()*+,;=";
  // Beyond the ABNF: no encoded control in a path, and browsers send []^| as they are.
  private static final String PATH =
      "(?:/(?:["
          + UNRESERVED
          + SUB_DELIMS
          + ":@\\[\\]^|]|%(?:[2-6][0-9A-Fa-f]|7[0-9A-Ea-e]|[89A-Fa-f][0-9A-Fa-f]))*+)";
  // Beyond the ABNF: browsers send [\]^`{|} as they are.
  private static final String QUERY =
      "(?:[" + UNRESERVED + SUB_DELIMS + ":@/?\\[\\\\\\]^`{|}]|%[0-9A-Fa-f]{2})*+";
  // Beyond the ABNF: no comma, no empty name, and of what is encoded only that or beyond ASCII.
  private static final String ENCODED_HOST =
      "%(?:2[146-9ABDEabde]|3[0-9BDbd]|[46][1-9A-Fa-f]|5[0-9AFaf]|7[0-9AEae]|[89A-Fa-f][0-9A-Fa-f])";
  private static final String REG_NAME =
      "(?:[" + UNRESERVED + "!$&'()*+;=]|" + ENCODED_HOST + ")++";
  private static final String HOST =
      "(?:\\[" + IpGrammar.IPV6 + "\\]|" + REG_NAME + ")(?::(?:0*" + IpGrammar.PORT + ")?)?";
  private static final String TARGET =
      "(?:(?i:http)://(?<authority>"
          + HOST
          + "))?(?<path>"
          + PATH
          + "*)(?:\\?(?<query>"
          + QUERY
          + "))?";

  private static final Pattern LINE =
      Pattern.compile("(?<method>" + TOKEN + ") (?<target>[!-~]*) HTTP/1\\.(?<minor>[0-9])\r\n");
  private static final Pattern ORIGIN_OR_ABSOLUTE = Pattern.compile(TARGET);
  private static final Pattern FIELD =
      Pattern.compile("(?<name>" + TOKEN + "):[ \t]*+(?<value>[\t -~\u0080-\u00ff]*?)[ \t]*\r\n");
  private static final Pattern AUTHORITY = Pattern.compile(HOST);
  private static final Pattern LENGTH = Pattern.compile("0|[1-9][0-9]{0,17}");
  private static final Pattern EXPECT =
      Pattern.compile("[ \t]*(?:(?i:100-continue)?[ \t]*(?:,[ \t]*|$))*");

  private static final int LONGEST = 4096;
  private static final int LONGEST_METHOD = 64;

  private HeadGrammar() {}

  /** A field as it was sent, its value without the blanks around it. */
  record Field(String name, String value) {}

  /** A head that the grammar takes: what it says, and where what follows it begins. */
  record Head(
      String method,
      String path,
      Optional<String> query,
      boolean oldVersion,
      List<Field> fields,
      int end) {
    List<String> values(String name) {
      return fields.stream()
          .filter(field -> field.name.equalsIgnoreCase(name))
          .map(Field::value)
          .toList();
    }
  }

  /** The head that the text begins with, if it begins with one that Berth should take. */
  static Optional<Head> parse(String text) {
    int start = text.startsWith("\r\n") ? 2 : 0;
    Matcher line = LINE.matcher(text).region(start, text.length());
    if (!line.lookingAt()) {
      return Optional.empty();
    }
    List<Field> fields = new ArrayList<>();
    Matcher field = FIELD.matcher(text).region(line.end(), text.length());
    int end = line.end();
    while (field.lookingAt()) {
      fields.add(new Field(field.group("name"), field.group("value")));
      end = field.end();
      field.region(end, text.length());
    }
    if (!text.startsWith("\r\n", end) || end + 2 - start > LONGEST) {
      return Optional.empty();
    }
    return head(line, fields, end + 2).filter(HeadGrammar::isSound);
  }

  private static Optional<Head> head(Matcher line, List<Field> fields, int end) {
    String method = line.group("method");
    boolean oldVersion = line.group("minor").equals("0");
    if (line.group("target").equals("*")) {
      return method.equals("OPTIONS")
          ? Optional.of(new Head(method, "*", Optional.empty(), oldVersion, fields, end))
          : Optional.empty();
    }
    Matcher target = ORIGIN_OR_ABSOLUTE.matcher(line.group("target"));
    if (!target.matches() || method.equals("CONNECT") || method.length() > LONGEST_METHOD) {
      return Optional.empty();
    }
    Optional<String> authority = Optional.ofNullable(target.group("authority"));
    String path = target.group("path");
    if (path.isEmpty() && authority.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> query = Optional.ofNullable(target.group("query"));
    // RFC 9112, 3.2.4
    String none = method.equals("OPTIONS") && query.isEmpty() ? "*" : "/";
    return Optional.of(
        new Head(
            method,
            path.isEmpty() ? none : path,
            query,
            oldVersion,
            authority.map(host -> withHost(fields, host)).orElse(fields),
            end));
  }

  // The authority of a target overrules Host (RFC 9112, 3.2.2), which is still to be checked.
  private static List<Field> withHost(List<Field> fields, String authority) {
    boolean sound =
        fields.stream().filter(HeadGrammar::isHost).allMatch(host -> isAuthority(host.value));
    return fields.stream()
        .map(field -> isHost(field) && sound ? new Field(field.name, authority) : field)
        .toList();
  }

  private static boolean isHost(Field field) {
    return field.name.equalsIgnoreCase("Host");
  }

  private static boolean isAuthority(String host) {
    return AUTHORITY.matcher(host).matches();
  }

  private static boolean isSound(Head head) {
    List<String> hosts = head.values("Host");
    List<String> lengths = head.values("Content-Length");
    List<String> codings = head.values("Transfer-Encoding");
    boolean hosted = head.oldVersion ? hosts.size() <= 1 : hosts.size() == 1;
    boolean framed =
        codings.isEmpty()
            ? lengths.size() <= 1
            : lengths.isEmpty() && !head.oldVersion && codings.size() == 1;
    return hosted
        && framed
        && hosts.stream().allMatch(HeadGrammar::isAuthority)
        && lengths.stream().allMatch(length -> LENGTH.matcher(length).matches())
        && codings.stream().allMatch(coding -> coding.toLowerCase(Locale.ROOT).equals("chunked"))
        && (head.oldVersion
            || head.values("Expect").stream().allMatch(expect -> EXPECT.matcher(expect).matches()))
        && head.values("Content-Type").size() <= 1
        && head.values("Content_Length").isEmpty()
        && head.values("Transfer_Encoding").isEmpty();
  }
}
