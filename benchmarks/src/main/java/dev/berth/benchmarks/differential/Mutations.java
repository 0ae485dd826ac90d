package dev.berth.benchmarks.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Makes messages that are a little wrong out of others: what separates lines, names and numbers is
 * where parsers differ, so it is changed most. Used by one thread.
 */
final class Mutations {
  private static final List<String> OCTETS =
      List.of(
          "\r",
          "\n",
          "\r\n",
          "\r\n\r\n",
          " ",
          "\t",
          "\0",
          "\u000b",
          "\f",
          "\u007f",
          "\u0080",
          "\u00a0",
          "\u00ff",
          ":",
          ";",
          ",",
          "\"",
          "\\",
          "/",
          "?",
          "#",
          "%",
          "0",
          "1",
          "-",
          "+");
  private static final List<String> WORDS =
      List.of(
          "chunked",
          "identity",
          "gzip",
          "close",
          "keep-alive",
          "upgrade",
          "100-continue",
          "Content-Length",
          "Transfer-Encoding",
          "Connection",
          "Host",
          "Expect",
          "Trailer",
          "HTTP/1.1",
          "HTTP/1.0",
          "HTTP/1.2",
          "HTTP/0.9",
          "GET",
          "POST",
          "HEAD",
          "OPTIONS",
          "0\r\n\r\n",
          "Content-Length: 3\r\n",
          "Transfer-Encoding: chunked\r\n",
          "Host: y\r\n",
          "Connection: close\r\n",
          "GET /inner HTTP/1.1\r\nHost: y\r\n\r\n");
  private static final Pattern LINE = Pattern.compile("[^\n]*\n|[^\n]+$");
  private static final Pattern NUMBER = Pattern.compile("\\b[0-9a-fA-F]+\\b");
  private static final Pattern JOINT = Pattern.compile("\r\n|[ :;,=/]");
  private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z-]+|HTTP/1\\.\\d");

  private final List<String> originals;
  private final RandomGenerator chance;

  Mutations(List<String> originals, RandomGenerator chance) {
    this.originals = originals;
    this.chance = chance;
  }

  /**
   * One of the originals with a change, and as often as not another one: many would only be noise.
   */
  String next() {
    String bytes = any(originals);
    do {
      bytes = changed(bytes);
    } while (chance.nextBoolean());
    return bytes;
  }

  private String changed(String bytes) {
    return switch (chance.nextInt(13)) {
      case 0 -> duplicateLine(bytes);
      case 1 -> moveLine(bytes);
      case 2 -> replaceAny(LINE, bytes, "");
      case 3 -> insertLineOfAnother(bytes);
      case 4 -> insertAt(chance.nextInt(bytes.length() + 1), bytes, any(OCTETS));
      case 5 -> aroundAny(JOINT, bytes, any(OCTETS));
      case 6 -> replaceAny(JOINT, bytes, any(OCTETS));
      case 7 -> deleteOctet(bytes);
      case 8 -> changeCase(bytes);
      case 9 -> changeNumber(bytes);
      case 10 -> replaceAny(WORD, bytes, any(WORDS));
      case 11 -> insertAt(chance.nextInt(bytes.length() + 1), bytes, any(WORDS));
      default -> chance.nextBoolean() ? bytes + any(originals) : any(originals) + bytes;
    };
  }

  private <T> T any(List<T> list) {
    return list.get(chance.nextInt(list.size()));
  }

  private String duplicateLine(String bytes) {
    List<String> lines = lines(bytes);
    return insertLine(lines, any(lines));
  }

  private String moveLine(String bytes) {
    List<String> lines = lines(bytes);
    return insertLine(lines, lines.remove(chance.nextInt(lines.size())));
  }

  private String insertLineOfAnother(String bytes) {
    return insertLine(lines(bytes), any(lines(any(originals))));
  }

  private String insertLine(List<String> lines, String line) {
    lines.add(chance.nextInt(lines.size() + 1), line);
    return String.join("", lines);
  }

  private static List<String> lines(String bytes) {
    List<String> lines = new ArrayList<>();
    LINE.matcher(bytes).results().map(MatchResult::group).forEach(lines::add);
    return lines.isEmpty() ? new ArrayList<>(List.of("\r\n")) : lines;
  }

  private String replaceAny(Pattern pattern, String bytes, String by) {
    List<MatchResult> places = pattern.matcher(bytes).results().toList();
    if (places.isEmpty()) {
      return bytes + by;
    }
    MatchResult place = any(places);
    return bytes.substring(0, place.start()) + by + bytes.substring(place.end());
  }

  private String aroundAny(Pattern pattern, String bytes, String inserted) {
    List<MatchResult> places = pattern.matcher(bytes).results().toList();
    if (places.isEmpty()) {
      return inserted + bytes;
    }
    MatchResult place = any(places);
    return insertAt(chance.nextBoolean() ? place.start() : place.end(), bytes, inserted);
  }

  private static String insertAt(int place, String bytes, String inserted) {
    return bytes.substring(0, place) + inserted + bytes.substring(place);
  }

  private String deleteOctet(String bytes) {
    int place = chance.nextInt(Math.max(1, bytes.length()));
    return bytes.isEmpty() ? bytes : bytes.substring(0, place) + bytes.substring(place + 1);
  }

  private String changeCase(String bytes) {
    List<MatchResult> words = WORD.matcher(bytes).results().toList();
    if (words.isEmpty()) {
      return bytes;
    }
    MatchResult word = any(words);
    var changed = new StringBuilder(bytes);
    for (int at = word.start(); at < word.end(); at++) {
      char letter = bytes.charAt(at);
      if (chance.nextBoolean() && Character.isLetter(letter)) {
        changed.setCharAt(at, (char) (letter ^ 0x20));
      }
    }
    return changed.toString();
  }

  private String changeNumber(String bytes) {
    List<MatchResult> numbers = NUMBER.matcher(bytes).results().toList();
    if (numbers.isEmpty()) {
      return bytes;
    }
    MatchResult number = any(numbers);
    String digits = number.group();
    String changed =
        switch (chance.nextInt(10)) {
          case 0 -> "+" + digits;
          case 1 -> "-" + digits;
          case 2 -> "0" + digits;
          case 3 -> "0x" + digits;
          case 4 -> digits + "0";
          case 5 -> digits + "_0";
          case 6 -> "00000000000000000" + digits;
          case 7 -> "10000000000000000" + digits;
          case 8 -> digits + ", " + digits;
          default -> Integer.toString(chance.nextInt(40));
        };
    return bytes.substring(0, number.start()) + changed + bytes.substring(number.end());
  }
}
