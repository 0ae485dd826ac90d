package dev.berth.server.websocket;

/** What the client sent breaks the protocol, or the bounds: the code and the sentence it gets. */
final class Violation extends Exception {
  private static final long serialVersionUID = 1;

  private final int code;
  private final String sentence;

  Violation(int code, String sentence) {
    super(sentence, null, false, false);
    this.code = code;
    this.sentence = sentence;
  }

  static Violation ofProtocol(String sentence) {
    return new Violation(CloseCode.PROTOCOL_ERROR, sentence);
  }

  static Violation ofUtf8() {
    return new Violation(CloseCode.INVALID_PAYLOAD, "a text is not UTF-8");
  }

  int code() {
    return code;
  }

  String sentence() {
    return sentence;
  }
}
