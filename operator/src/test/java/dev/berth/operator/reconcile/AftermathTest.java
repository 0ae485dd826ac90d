package dev.berth.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.apply.Carried;
import dev.berth.operator.apply.Refusals;
import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Decision.Event.Kind;
import dev.berth.operator.decide.Decision.Figures;
import dev.berth.operator.decide.Decision.Report;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.History;
import dev.berth.operator.decide.History.Scaled;
import dev.berth.operator.decide.Trend;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AftermathTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Scaled EARLIER = new Scaled(NOW.minusSeconds(60), 3);
  private static final Condition REFUSED =
      new Condition(Condition.Type.READY, Condition.State.FALSE, "ApiError", "refused");

  /** Two pods serve again, and two are added. */
  private static final Actions MORE =
      new Actions(
          Map.of("a", 200), Set.of(), Set.of(), Set.of("b", "c"), Set.of(), new Scale.Up(6));

  private static final Actions FEWER =
      new Actions(
          Map.of("a", 200), Set.of(), Set.of(), Set.of(), Set.of("b", "c"), new Scale.Keep());

  private static Actions done(Map<String, Integer> limits, Set<String> undrain, Scale scale) {
    return new Actions(limits, Set.of(), Set.of(), undrain, Set.of(), scale);
  }

  private static History history(int limit, Scaled... scaled) {
    return new History(
        History.NONE.cost(),
        Map.of(),
        OptionalInt.of(limit),
        OptionalInt.of(limit),
        Optional.empty(),
        List.of(),
        List.of(scaled),
        Optional.empty(),
        Trend.NONE,
        0,
        0,
        0,
        Map.of(),
        Optional.of(NOW));
  }

  private static Decision decision(Actions actions, int change) {
    return new Decision(
        actions,
        new Report(
            4,
            6,
            OptionalInt.of(200),
            new Figures(0, 0, 0, 0, 0, 0),
            "",
            List.of(
                new Condition(Condition.Type.READY, Condition.State.TRUE, "Governing", ""),
                new Condition(Condition.Type.PRESSURE, Condition.State.FALSE, "None", "")),
            Arrays.stream(Kind.values()).map(kind -> new Event(kind, "")).toList(),
            List.of()),
        history(200, EARLIER, new Scaled(NOW, change)));
  }

  private static Decision after(Decision decision, Actions done) {
    return Aftermath.of(
        decision,
        new Carried(
            done, false, Refusals.NONE, Optional.of(new KubernetesClientException("refused"))),
        history(100, EARLIER),
        Optional.of(REFUSED));
  }

  private static List<Kind> kinds(Decision decision) {
    return decision.report().events().stream().map(Event::kind).toList();
  }

  @Test
  void whatWasDoneAsAWholeStaysAsItWasDecided() {
    Decision decision = decision(MORE, 4);

    assertThat(
            Aftermath.of(
                decision,
                new Carried(MORE, false, Refusals.NONE, Optional.empty()),
                History.NONE,
                Optional.empty()))
        .isSameAs(decision);
  }

  @Test
  void podsThatWereAddedCountWhereOthersStillDrain() {
    Decision after = after(decision(MORE, 4), done(Map.of(), Set.of("b"), new Scale.Up(6)));

    assertThat(after.history().scaled()).containsExactly(EARLIER, new Scaled(NOW, 3));
    assertThat(kinds(after)).contains(Kind.SCALED, Kind.DRAIN_UNDONE, Kind.PRESSURE);
  }

  @Test
  void podsThatWereNotAddedDoNotCount() {
    Decision after = after(decision(MORE, 4), done(Map.of(), Set.of("b", "c"), new Scale.Keep()));

    assertThat(after.history().scaled()).containsExactly(EARLIER, new Scaled(NOW, 2));
    assertThat(kinds(after)).contains(Kind.DRAIN_UNDONE).doesNotContain(Kind.SCALED);
  }

  @Test
  void aDrainThatWasHeldBackIsNeitherToldNorCounted() {
    Decision after = after(decision(FEWER, -2), done(Map.of("a", 200), Set.of(), new Scale.Keep()));

    assertThat(after.history().scaled()).containsExactly(EARLIER);
    assertThat(kinds(after)).contains(Kind.LIMIT_CHANGED).doesNotContain(Kind.DRAINING);
  }

  @Test
  void aLimitThatNoPodTookIsToldOnceOneHas() {
    Decision after = after(decision(MORE, 4), done(Map.of(), Set.of(), new Scale.Keep()));

    assertThat(after.history().limit()).hasValue(100);
    assertThat(kinds(after)).doesNotContain(Kind.LIMIT_CHANGED);
  }

  @Test
  void whatFailedIsWhyItIsNotReady() {
    Decision after = after(decision(MORE, 4), done(Map.of(), Set.of(), new Scale.Keep()));

    assertThat(after.report().conditions()).first().isEqualTo(REFUSED);
    assertThat(after.report().conditions()).hasSize(2);
  }
}
