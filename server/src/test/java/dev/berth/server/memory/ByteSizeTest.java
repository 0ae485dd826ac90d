package dev.berth.server.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1048576, 1048576",
    "64Ki, 65536",
    "128Mi, 134217728",
    "1Gi, 1073741824",
    "1.5Gi, 1610612736",
    "2Ti, 2199023255552",
    "1Pi, 1125899906842624",
    "1Ei, 1152921504606846976",
    "1k, 1000",
    "500M, 500000000",
    "2G, 2000000000",
    "1T, 1000000000000",
    "1P, 1000000000000000",
    "1E, 1000000000000000000",
    "0.1Ki, 103",
    "9223372036854775807, 9223372036854775807"
  })
  void readsAKubernetesQuantity(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "Mi", "128MB", "128 Mi", "-1", "+1", "1K", "1m", "1ki", "1e6", ".5Gi", "1.Gi", "1,5Gi",
        "128Mi\n"
      })
  void whatIsNoSizeIsRefusedWithTheValueAndWhatWouldBeRight(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("'" + text + "'")
        .withMessageContaining("such as 128Mi");
  }

  @ParameterizedTest
  @ValueSource(strings = {"8Ei", "9223372036854775808", "9999999999999999999E"})
  void whatCannotBeCountedIsRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("the most is");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "1023, 1023",
    "1024, 1Ki",
    "134217728, 128Mi",
    "1500000000, 1.4Gi",
    "9223372036854775807, 8.0Ei"
  })
  void writesTheLargestUnitThatItFills(long bytes, String text) {
    assertThat(ByteSize.format(bytes)).isEqualTo(text);
  }

  @Property
  void wholeUnitsAreReadBackExactly(
      @ForAll @LongRange(min = 0, max = 1023) long number,
      @ForAll @LongRange(min = 0, max = 5) long power) {
    long bytes = number << (10 * power);
    assertThat(ByteSize.parse(ByteSize.format(bytes))).isEqualTo(bytes);
  }

  @Test
  void aNegativeSizeIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> ByteSize.format(-1));
  }
}
