package dev.berth.operator.local;

import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * On which line of a YAML text each field stands.
 *
 * @param lines from 1, by the field's path with dots: {@code spec.connections.minLimit}
 */
record FieldLines(Map<String, Integer> lines) {
  private static final Pattern PATH = Pattern.compile("spec(\\.\\w+)*");

  static FieldLines of(String yaml) {
    var lines = new HashMap<String, Integer>();
    try (var parser = new YAMLFactory().createParser(yaml)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          String pointer = parser.getParsingContext().pathAsPointer().toString();
          lines.put(
              pointer.substring(1).replace('/', '.'), parser.currentTokenLocation().getLineNr());
        }
      }
    } catch (IOException malformed) {
      return new FieldLines(Map.copyOf(lines));
    }
    return new FieldLines(Map.copyOf(lines));
  }

  /** The file, and the line of the field that {@code sentence} names first if it is there. */
  String place(Path file, String sentence) {
    Matcher named = PATH.matcher(sentence);
    return named.find()
        ? nearest(named.group()).map(line -> file + ", line " + line).orElse(file.toString())
        : file.toString();
  }

  /** The line of the field, or of the innermost one around it that is there. */
  Optional<Integer> nearest(String path) {
    for (String at = path; !at.isEmpty(); at = at.substring(0, Math.max(0, at.lastIndexOf('.')))) {
      if (lines.containsKey(at)) {
        return Optional.ofNullable(lines.get(at));
      }
    }
    return Optional.empty();
  }
}
