package dev.berth.server.fuzz;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a WebSocket that echoes answers to some octets and the end after them, by the ABNF of RFC
 * 6455, 5.2, and of RFC 3629, 4. Each character is an octet.
 */
final class WebSocketGrammar {
  private static final String TAIL = "[\u0080-\u00bf]";
  private static final Pattern CHARACTER =
      Pattern.compile(
          "[\u0000-\u007f]|[\u00c2-\u00df]%1$s|\u00e0[\u00a0-\u00bf]%1$s|[\u00e1-\u00ec\u00ee\u00ef]%1$s%1$s|\u00ed[\u0080-\u009f]%1$s|\u00f0[\u0090-\u00bf]%1$s%1$s|[\u00f1-\u00f3]%1$s%1$s%1$s|\u00f4[\u0080-\u008f]%1$s%1$s"
              .formatted(TAIL),
          Pattern.DOTALL);
  // Parts of a frame's head, each known to be wrong once it is there.
  private static final Pattern FIRST = Pattern.compile("[\u0000-\u0002\u0080-\u0082\u0088-\u008a]");
  private static final Pattern MASKED = Pattern.compile("[\u0080-\u00ff]");
  private static final Pattern LENGTH =
      Pattern.compile("[\u0080-\u00fd]|\u00fe(..)|\u00ff(.{8})", Pattern.DOTALL);

  private final String sent;
  private final int most;
  private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
  private final StringBuilder message = new StringBuilder();
  private int type;
  private int at;

  private WebSocketGrammar(String sent, int most) {
    this.sent = sent;
    this.most = most;
  }

  /**
   * What is answered: frames, and then the code of a close; 1005 for one without, empty if the
   * client has only vanished.
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Answer(byte[] frames, OptionalInt close) {}

  static Answer parse(String sent, int most) {
    var grammar = new WebSocketGrammar(sent, most);
    OptionalInt close = OptionalInt.empty();
    try {
      while (true) {
        grammar.frame();
      }
    } catch (Over over) {
      close = over.code;
    }
    return new Answer(grammar.answers.toByteArray(), close);
  }

  /** Nothing else is looked at. */
  private static final class Over extends Exception {
    private static final long serialVersionUID = 1;
    private final transient OptionalInt code;

    Over(OptionalInt code) {
      super("", null, false, false);
      this.code = code;
    }
  }

  private static Over closed(int code) {
    return new Over(OptionalInt.of(code));
  }

  private static Over vanished() {
    return new Over(OptionalInt.empty());
  }

  private void frame() throws Over {
    if (at == sent.length()) {
      throw vanished();
    }
    if (!FIRST.matcher(sent).region(at, at + 1).matches()) {
      throw closed(1002);
    }
    int first = sent.charAt(at++);
    boolean control = (first & 8) != 0;
    long length = length(control);
    if (sent.length() - at < 4) {
      throw vanished();
    }
    String mask = sent.substring(at, at + 4);
    at += 4;
    if (control) {
      control(first, payload(length, mask));
    } else {
      data(first, length, mask);
    }
  }

  private long length(boolean control) throws Over {
    if (at == sent.length()) {
      throw vanished();
    }
    if (!MASKED.matcher(sent).region(at, at + 1).matches() || (control && sent.charAt(at) > 0xfd)) {
      throw closed(1002);
    }
    Matcher length = LENGTH.matcher(sent).region(at, sent.length());
    if (!length.lookingAt()) {
      throw vanished();
    }
    at = length.end();
    if (length.group(1) == null && length.group(2) == null) {
      return length.group().charAt(0) - 0x80L;
    }
    boolean isShort = length.group(1) != null;
    String digits = isShort ? length.group(1) : length.group(2);
    var number = new java.math.BigInteger(1, digits.getBytes(StandardCharsets.ISO_8859_1));
    if (number.bitLength() > 63 || number.longValue() <= (isShort ? 125 : 65_535)) {
      throw closed(1002);
    }
    return number.longValue();
  }

  /** What there is of it, which may be less. */
  private String unmasked(long length, String mask) {
    int end = (int) Math.min(sent.length(), at + length);
    var payload = new StringBuilder();
    for (int octet = at; octet < end; octet++) {
      payload.append((char) (sent.charAt(octet) ^ mask.charAt((octet - at) % 4)));
    }
    return payload.toString();
  }

  private String payload(long length, String mask) throws Over {
    String payload = unmasked(length, mask);
    if (payload.length() < length) {
      throw vanished();
    }
    at += (int) length;
    return payload;
  }

  private void control(int first, String payload) throws Over {
    switch (first & 15) {
      case 8 -> throw close(payload);
      case 9 -> answer(0x8a, payload);
      default -> {}
    }
  }

  private static Over close(String payload) {
    if (payload.isEmpty()) {
      return closed(1005);
    }
    int code = payload.length() < 2 ? 0 : payload.charAt(0) * 256 + payload.charAt(1);
    String sendable = "1000|1001|1002|1003|1007|1008|1009|1010|1011|1012|1013|1014|[34]\\d{3}";
    if (!String.valueOf(code).matches(sendable)) {
      return closed(1002);
    }
    return closed(isText(payload.substring(2), true) ? code : 1007);
  }

  private void data(int first, long length, String mask) throws Over {
    boolean begins = (first & 15) != 0;
    if (begins == (type != 0)) {
      throw closed(1002);
    }
    type = begins ? first & 15 : type;
    if (length > most - message.length()) {
      throw closed(1009);
    }
    boolean last = first >= 0x80;
    String there = unmasked(length, mask);
    message.append(there);
    if (type == 1 && !isText(message, last && there.length() == length)) {
      throw closed(1007);
    }
    payload(length, mask);
    if (last) {
      answer(0x80 | type, message.toString());
      message.setLength(0);
      type = 0;
    }
  }

  /**
   * Whether it is one, or if it is not whole, may become one: a match has failed for want of more.
   */
  @SuppressWarnings("JdkObsolete")
  private static boolean isText(CharSequence octets, boolean whole) {
    Matcher character = CHARACTER.matcher(octets);
    int from = 0;
    while (from < octets.length()) {
      if (!character.region(from, octets.length()).lookingAt()) {
        return !whole && character.hitEnd();
      }
      from = character.end();
    }
    return true;
  }

  private void answer(int first, String payload) {
    answers.write(first);
    if (payload.length() > 125) {
      answers.write(126);
      answers.write(payload.length() >>> 8);
    }
    answers.write(payload.length());
    answers.writeBytes(payload.getBytes(StandardCharsets.ISO_8859_1));
  }
}
