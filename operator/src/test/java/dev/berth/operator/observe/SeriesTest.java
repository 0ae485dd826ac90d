package dev.berth.operator.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {
  private static Series series(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return new Series(bytes, 0, bytes.length);
  }

  private static double number(String text) {
    Series series = series("berth_connection_limit " + text + "\n");
    assertThat(series.next()).as(text).contains(Metric.LIMIT);
    return series.value();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "840",
        "840.0",
        ".5",
        "5.",
        "1.34217728E8",
        "1.0e7",
        "1e22",
        "1e23",
        "12E+3",
        "12e-3",
        "-1",
        "+1",
        "9007199254740992",
        "9007199254740993",
        "0.1",
        "123456.789012345678901",
        "1e308",
        "0x1p3",
        "1e+05",
        "00012"
      })
  void aNumberIsWhatJavaTakesItFor(String text) {
    assertThat(number(text)).isEqualTo(Double.parseDouble(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "e", "e5", ".e5", "1e", "1.2.3", "five", "NaN", "+Inf", "1e999", "--1"})
  void whatIsNoFiniteNumberTellsNothing(String text) {
    assertThat(series("berth_connection_limit " + text + "\n").next()).isEmpty();
  }

  @Property
  void everyNumberThatJavaPrintsIsReadExactly(
      @ForAll double number,
      @ForAll @DoubleRange(min = 0, max = 1e12) double large,
      @ForAll @LongRange(min = 0) long whole) {
    if (Double.isFinite(number)) {
      assertThat(number(String.valueOf(number))).isEqualTo(number);
    }
    assertThat(number(String.valueOf(large))).isEqualTo(large);
    assertThat(number(String.valueOf(whole))).isEqualTo((double) whole);
    assertThat(number(String.valueOf((double) (whole % 1_000_000_000_000L))))
        .isEqualTo((double) (whole % 1_000_000_000_000L));
  }

  @Test
  void linesOfOtherMetricsAreSteppedOver() {
    Series series =
        series(
            """
            # TYPE berth_draining gauge
            berth_connections_accepted_total 7
            berth_draining 1
            berth_connection_limi 5
            jvm_threads 3
            berth_connections{state="idle"} 9\
            """);

    assertThat(series.next()).contains(Metric.DRAINING);
    assertThat(series.next()).contains(Metric.CONNECTIONS);
    assertThat(series.labelled("idle")).isTrue();
    assertThat(series.value()).isEqualTo(9);
    assertThat(series.next()).isEmpty();
  }

  @Test
  void labelsWithoutAnEndTellNothing() {
    assertThat(series("berth_connections{state=\"idle 5\n").next()).isEmpty();
    assertThat(series("berth_connections{state=\"idle\" 5\n").next()).isEmpty();
    assertThat(series("berth_connections{state=\"a\\").next()).isEmpty();
    assertThat(series("berth_connections{state} 5\n").next()).isEmpty();
  }
}
