package dev.berth.operator.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.observe.Scrape.Answered;
import dev.berth.operator.observe.Scrape.Failed;
import java.util.OptionalInt;
import java.util.OptionalLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ScrapeTest {
  private static Scrape.Outcome read(String text) {
    return MetricsText.read(text.getBytes(UTF_8));
  }

  private static Reading reading(String text) {
    return ((Answered) read(text)).reading();
  }

  @Test
  void everySeriesOfABerthServerIsRead() {
    assertThat(
            reading(
                """
                # HELP berth_connections Open connections
                # TYPE berth_connections gauge
                berth_connections{state="active"} 3.0
                berth_connections{state="hijacked"} 0.0
                berth_connections{state="idle"} 97.0
                berth_connections{state="new"} 1.0
                berth_connections_waiting 4.0
                # TYPE berth_connection_limit gauge
                berth_connection_limit 840.0
                berth_connections_rejected_total{reason="client_limit"} 100.0
                berth_connections_rejected_total{reason="draining"} 1000.0
                berth_connections_rejected_total{reason="limit"} 7.0
                berth_connections_rejected_total{reason="queue_timeout"} 2.0
                berth_draining 0.0
                berth_memory_code_bytes 1.2582912E7
                berth_memory_limit_bytes 1.34217728E8
                berth_memory_live_bytes 3.1457280E7
                berth_memory_working_set_bytes 5.2428800E7
                jvm_threads_live_threads 20.0
                """))
        .isEqualTo(
            new Reading(
                101,
                97,
                4,
                OptionalInt.of(840),
                false,
                9,
                52_428_800,
                OptionalLong.of(31_457_280),
                12_582_912,
                OptionalLong.of(134_217_728)));
  }

  @Test
  void timestampsExemplarsAndBlanksAreSteppedOver() {
    Reading reading =
        reading(
            """
            berth_connections { state = "idle" , } 5 1767225600000
            berth_connections{state="active"}\t2\r
            berth_connections_rejected_total{reason="limit"} 4 # {trace_id="a b"} 1.0 1767225600.1
            # EOF\
            """);

    assertThat(reading.active()).isEqualTo(7);
    assertThat(reading.rejected()).isEqualTo(4);
  }

  @Test
  void seriesWithMoreLabelsAddUp() {
    Reading reading =
        reading(
            """
            berth_connections{listener="a",state="idle"} 5
            berth_connections{listener="b",state="idle"} 6
            berth_connection_limit{listener="a"} 10
            berth_connection_limit{listener="b"} 20
            """);

    assertThat(reading.active()).isEqualTo(11);
    assertThat(reading.limit()).hasValue(30);
  }

  @Test
  void aLimitOfNoneIsToldApartFromNoLimitTold() {
    assertThat(reading("berth_connections 12\nberth_connection_limit 0").limit()).hasValue(0);
    assertThat(reading("berth_connections 12").limit()).isEmpty();
  }

  @Test
  void aServerWithoutStatesIsReadAsWell() {
    assertThat(reading("berth_connections 12").active()).isEqualTo(12);
  }

  @Test
  void aLabelMayHoldWhatLooksLikeTheFormat() {
    Reading reading =
        reading(
            """
            berth_connections{note="} 900 \\"quoted\\" \\\\",state="idle"} 5
            berth_connections_rejected_total{note="reason=\\"limit\\"",reason="draining"} 8
            """);

    assertThat(reading.active()).isEqualTo(5);
    assertThat(reading.rejected()).isZero();
  }

  @Test
  void whatIsNotTellableIsAbsent() {
    Reading reading =
        reading(
            """
            berth_connections{state="idle"} 5
            berth_connections{state="new"} NaN
            berth_memory_limit_bytes +Inf
            berth_memory_live_bytes NaN
            """);

    assertThat(reading)
        .isEqualTo(
            new Reading(
                5,
                5,
                0,
                OptionalInt.empty(),
                false,
                0,
                0,
                OptionalLong.empty(),
                0,
                OptionalLong.empty()));
  }

  @Test
  void moreMemoryThanAnyPodHasIsNotTold() {
    Reading reading =
        reading(
            """
            berth_connections 1
            berth_memory_working_set_bytes 9e18
            berth_memory_live_bytes 1.2e15
            berth_memory_code_bytes 1e300
            berth_memory_limit_bytes 1.1e15
            """);

    assertThat(reading.workingSet()).isZero();
    assertThat(reading.live()).isEmpty();
    assertThat(reading.code()).isZero();
    assertThat(reading.memoryLimit()).hasValue(1_100_000_000_000_000L);
  }

  @Test
  void aNameThatOnlyBeginsLikeOursIsNotOurs() {
    Reading reading =
        reading(
            """
            berth_connections{state="idle"} 5
            berth_connections_accepted_total 900
            berth_connections_created 1.7e9
            """);

    assertThat(reading.active()).isEqualTo(5);
  }

  @Test
  void drainingIsTold() {
    assertThat(reading("berth_connections 0\nberth_draining 1\n").draining()).isTrue();
  }

  @Test
  void anAnswerWithoutConnectionsIsAFailureThatSaysSo() {
    assertThat(read("jvm_threads_live_threads 20\n# berth_connections 5\n"))
        .isEqualTo(new Failed("no berth_connections in the answer"));
    assertThat(read("")).isEqualTo(new Failed("no berth_connections in the answer"));
    assertThat(read("<html>berth_connections 5</html>")).isInstanceOf(Failed.class);
  }

  @Property
  void noTextBreaksTheReader(@ForAll String text) {
    assertThat(read("berth_connections" + text)).isNotNull();
    assertThat(read("berth_connections{" + text)).isNotNull();
    assertThat(read("berth_connections{state=\"" + text)).isNotNull();
  }
}
