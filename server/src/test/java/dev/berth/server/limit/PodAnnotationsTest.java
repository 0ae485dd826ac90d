package dev.berth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PodAnnotationsTest {
  @Test
  void readsWhatTheKubeletWrites() {
    String file =
        """
        berth.dev/drain="true"
        berth.dev/generation="7"
        berth.dev/limit="840"
        kubernetes.io/config.seen="2026-01-01T00:00:00Z\"\
        """;
    assertThat(PodAnnotations.parse(file))
        .isEqualTo(
            new PodAnnotations(
                OptionalInt.of(840),
                OptionalLong.of(7),
                Optional.of(true),
                false,
                Optional.empty()));
  }

  @Test
  void otherAnnotationsAloneGiveNoLimitAndNoProblem() {
    assertThat(PodAnnotations.parse("kubernetes.io/config.source=\"api\""))
        .isEqualTo(
            new PodAnnotations(
                OptionalInt.empty(),
                OptionalLong.of(0),
                Optional.of(false),
                false,
                Optional.empty()));
  }

  @Test
  void aValueThatContainsWhatLooksLikeOursIsNotOurs() {
    // what Go 1.26 prints for fmt.Sprintf("%v=%q", "note",
    // "x\nberth.dev/limit=\"1\"\nberth.dev/drain=\"true\"\n")
    String file = "note=\"x\\nberth.dev/limit=\\\"1\\\"\\nberth.dev/drain=\\\"true\\\"\\n\"\n";
    assertThat(PodAnnotations.parse(file + "xberth.dev/limit=\"3\"\nberth.dev/limits=\"4\"\n"))
        .isEqualTo(
            new PodAnnotations(
                OptionalInt.empty(),
                OptionalLong.of(0),
                Optional.of(false),
                false,
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "0x10",
        "abc",
        "2147483648",
        "99999999999999999999",
        "٣"
      })
  void aLimitThatIsNoDecimalNumberInRangeIsAProblemThatShowsIt(String value) {
    PodAnnotations read =
        PodAnnotations.parse("berth.dev/generation=\"3\"\nberth.dev/limit=\"" + value + "\"");
    assertThat(read.limit()).isEmpty();
    assertThat(read.generation()).isEmpty();
    assertThat(read.problem())
        .contains(
            "berth.dev/limit is \""
                + value
                + "\": it must be a decimal number from 0 to 2147483647");
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "0840, 840", "2147483647, 2147483647"})
  void aLimitInRangeIsUsed(String value, int limit) {
    assertThat(PodAnnotations.parse("berth.dev/limit=\"" + value + "\"").limit()).hasValue(limit);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "berth.dev/limit=",
        "berth.dev/limit=\"",
        "berth.dev/limit=\"84",
        "berth.dev/limit=84",
        "berth.dev/limit=\"8\"4\"",
        "berth.dev/limit=\"84\\\""
      })
  void aHalfWrittenLimitIsAProblemAndNoLimit(String line) {
    PodAnnotations read = PodAnnotations.parse("berth.dev/drain=\"true\"\n" + line);
    assertThat(read.limit()).isEmpty();
    assertThat(read.problem().orElseThrow()).contains("berth.dev/limit").contains("double quotes");
    assertThat(read.draining()).contains(true);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "berth.dev/drain=",
        "berth.dev/drain=\"",
        "berth.dev/drain=\"tr",
        "berth.dev/drain=true",
        "berth.dev/drain=\"true\"\nberth.dev/drain=\"false\""
      })
  void aMalformedDrainIsAProblemAndSaysNothing(String lines) {
    PodAnnotations read = PodAnnotations.parse(lines + "\nberth.dev/limit=\"5\"");
    assertThat(read.draining()).isEmpty();
    assertThat(read.problem().orElseThrow()).contains("berth.dev/drain");
    assertThat(read.limit()).hasValue(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "note=\"a\""})
  void aFileWithoutALineForItAsksForNoDrain(String text) {
    assertThat(PodAnnotations.parse(text).draining()).contains(false);
  }

  @Test
  void aLimitThatIsThereTwiceIsAProblem() {
    PodAnnotations read = PodAnnotations.parse("berth.dev/limit=\"1\"\nberth.dev/limit=\"2\"");
    assertThat(read.limit()).isEmpty();
    assertThat(read.problem()).contains("berth.dev/limit is there 2 times: it must be there once");
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "True", "TRUE", "1", "yes", "", " true"})
  void anyOtherDrainValueThanTrueDoesNotDrainAndIsNoProblem(String value) {
    PodAnnotations read =
        PodAnnotations.parse("berth.dev/drain=\"" + value + "\"\nberth.dev/limit=\"1\"");
    assertThat(read.draining()).contains(false);
    assertThat(read.problem()).isEmpty();
  }

  @Test
  void aMalformedGenerationIsToldAndTheLimitIsUsed() {
    PodAnnotations read = PodAnnotations.parse("berth.dev/generation=\"x\"\nberth.dev/limit=\"5\"");
    assertThat(read.limit()).hasValue(5);
    assertThat(read.generation()).hasValue(0);
    assertThat(read.problem().orElseThrow()).contains("berth.dev/generation is \"x\"");
  }

  @Test
  void aGenerationWithoutALimitMeansNothing() {
    assertThat(PodAnnotations.parse("berth.dev/generation=\"3\"").generation()).hasValue(0);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new PodAnnotations(
                OptionalInt.empty(),
                OptionalLong.of(3),
                Optional.of(false),
                false,
                Optional.empty()));
  }

  @Test
  void onlyTrueLetsItLeaveRotation() {
    assertThat(PodAnnotations.parse("berth.dev/leave-when-full=\"true\"").mayLeave()).isTrue();
    assertThat(PodAnnotations.parse("berth.dev/leave-when-full=\"True\"").mayLeave()).isFalse();
    assertThat(PodAnnotations.parse("berth.dev/limit=\"1\"").mayLeave()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"\"\\x74rue\"", "\"\\u0074rue\"", "\"\\U00000074rue\""})
  void escapesInOurOwnValueAreUndone(String quoted) {
    assertThat(PodAnnotations.parse("berth.dev/drain=" + quoted).draining()).contains(true);
  }

  @Property
  void anyAnnotationsBesideOursChangeNothing(
      @ForAll("annotations") Map<String, String> others,
      @ForAll @IntRange int limit,
      @ForAll @LongRange(min = 0) long generation,
      @ForAll boolean draining) {
    TreeMap<String, String> all = new TreeMap<>(others);
    all.put(PodAnnotations.LIMIT, Integer.toString(limit));
    all.put(PodAnnotations.GENERATION, Long.toString(generation));
    all.put(PodAnnotations.DRAIN, Boolean.toString(draining));
    assertThat(PodAnnotations.parse(projected(all)))
        .isEqualTo(
            new PodAnnotations(
                OptionalInt.of(limit),
                OptionalLong.of(generation),
                Optional.of(draining),
                false,
                Optional.empty()));
  }

  @Property
  void noAnnotationsOfOthersEverSetALimitOrDrain(
      @ForAll("annotations") Map<String, String> others) {
    assertThat(PodAnnotations.parse(projected(others)))
        .isEqualTo(
            new PodAnnotations(
                OptionalInt.empty(),
                OptionalLong.of(0),
                Optional.of(false),
                false,
                Optional.empty()));
  }

  @Property
  void aFileCutAnywhereGivesTheWholeLimitOrNone(
      @ForAll("annotations") Map<String, String> others,
      @ForAll @IntRange int limit,
      @ForAll @IntRange(max = 99) int percent) {
    TreeMap<String, String> all = new TreeMap<>(others);
    all.put(PodAnnotations.LIMIT, Integer.toString(limit));
    String whole = projected(all);
    OptionalInt read =
        PodAnnotations.parse(whole.substring(0, whole.length() * percent / 100)).limit();
    assertThat(read.orElse(limit)).isEqualTo(limit);
  }

  @Property
  void noTextWhateverMakesItThrow(@ForAll("noise") String text) {
    assertThat(PodAnnotations.parse(text)).isNotNull();
  }

  @Property
  void whatGoQuotesIsReadBackAsItWas(@ForAll String value) {
    assertThat(GoQuoted.unquote(quote(value))).contains(value);
  }

  @Provide
  Arbitrary<String> noise() {
    return Arbitraries.of(
            "berth.dev/limit",
            "berth.dev/drain",
            "=",
            "\"",
            "\\",
            "\n",
            "\r",
            "1",
            "true",
            "x",
            "u",
            "U",
            "0",
            "ff",
            " ")
        .list()
        .ofMaxSize(30)
        .map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<Map<String, String>> annotations() {
    Arbitrary<String> keys =
        Arbitraries.strings().withChars("abz.-_/09").ofMinLength(1).ofMaxLength(12);
    Arbitrary<String> nasty =
        Arbitraries.of(
            "\nberth.dev/limit=\"1\"\n",
            "berth.dev/drain=\"true\"",
            "\r\nberth.dev/limit=\"2\"",
            "\u2028berth.dev/limit=\"3\"\u0085");
    Arbitrary<String> values =
        Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(30), nasty, noise());
    return Arbitraries.maps(keys, values).ofMaxSize(8);
  }

  /** As the kubelet writes them: sorted by key, without a newline at the end. */
  private static String projected(Map<String, String> annotations) {
    return new TreeMap<>(annotations)
        .entrySet().stream()
            .map(one -> one.getKey() + "=" + quote(one.getValue()))
            .collect(Collectors.joining("\n"));
  }

  /** As Go's strconv.Quote, but that it escapes more of what is printable than Go does. */
  private static String quote(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    value.codePoints().forEach(c -> quoted.append(escaped(c)));
    return quoted.append('"').toString();
  }

  private static String escaped(int c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case 7 -> "\\a";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case 11 -> "\\v";
      default -> {
        if (c < ' ' || c == 0x7f) {
          yield String.format("\\x%02x", c);
        }
        if (Character.isLetterOrDigit(c) || c < 0x7f) {
          yield Character.toString(c);
        }
        yield c < 0x10000 ? String.format("\\u%04x", c) : String.format("\\U%08x", c);
      }
    };
  }
}
