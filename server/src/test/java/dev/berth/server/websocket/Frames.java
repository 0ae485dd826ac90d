package dev.berth.server.websocket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Frames as a client sends them and a server answers them, in hexadecimal: {@code 81 05 ...}; all
 * in memory.
 */
public final class Frames {
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ");
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private Frames() {}

  static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }

  static String hex(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  static String hex(String text) {
    return hex(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A frame that a client sends: its first byte, and its payload, masked. */
  public static byte[] masked(int first, byte[] payload) {
    return masked(first, payload, MASK);
  }

  static byte[] masked(int first, byte[] payload, byte[] mask) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    if (payload.length < 126) {
      frame.write(0x80 | payload.length);
    } else if (payload.length < 65_536) {
      frame.write(0xfe);
      frame.write(payload.length >>> 8);
      frame.write(payload.length);
    } else {
      frame.write(0xff);
      for (int shift = 56; shift >= 0; shift -= 8) {
        frame.write((int) ((long) payload.length >>> shift));
      }
    }
    frame.writeBytes(mask);
    for (int at = 0; at < payload.length; at++) {
      frame.write(payload[at] ^ mask[at % 4]);
    }
    return frame.toByteArray();
  }

  public static byte[] masked(int first, String text) {
    return masked(first, text.getBytes(StandardCharsets.UTF_8));
  }

  /** The same in hexadecimal. */
  static String client(int first, String text) {
    return hex(masked(first, text)) + " ";
  }

  /** What is answered to those bytes, and to the end that follows them. */
  static byte[] answered(Conversation conversation, InputStream sent) throws Exception {
    return answered(conversation, sent, 1_000_000);
  }

  static byte[] answered(Conversation conversation, InputStream sent, int maxMessageBytes)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Talk talk =
        new Talk(
            conversation, InetSocketAddress.createUnresolved("client", 1), "", maxMessageBytes);
    try {
      talk.converse(sent, out);
    } catch (java.net.ProtocolException violation) {
      // It says so in its close.
    }
    return out.toByteArray();
  }

  /** What a server that echoes answers. */
  public static byte[] echoed(InputStream sent, int maxMessageBytes) throws Exception {
    return answered(Frames::echo, sent, maxMessageBytes);
  }

  static String answered(Conversation conversation, String hex) throws Exception {
    return hex(answered(conversation, new ByteArrayInputStream(bytes(hex))));
  }

  /** Sends back what comes. */
  static void echo(WebSocket socket) throws Exception {
    while (true) {
      switch (socket.receive()) {
        case Message.Text(String text) -> socket.send(text);
        case Message.Binary(byte[] bytes) -> socket.send(bytes);
        case Message.Closed closed -> {
          return;
        }
      }
    }
  }
}
