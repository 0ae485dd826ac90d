package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Decision.Condition;
import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Decision.Event.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is told of states that begin and end, round by round. */
class EpisodesTest {
  private static final long COST = 64 << 10;
  private static final String HPA = "HorizontalPodAutoscaler chat scales Deployment chat too";

  private final Fleet fleet = new Fleet(Policies.replicas(2, 2), 2, COST, new Random(7));

  EpisodesTest() {
    fleet.seconds(5, 200);
  }

  /** What is told in so many seconds, each with the second it was told in. */
  private List<String> told(int seconds) {
    var told = new ArrayList<String>();
    for (int second = 1; second <= seconds; second++) {
      for (Event event : fleet.second(200).report().events()) {
        if (event.kind() != Kind.LIMIT_CHANGED && event.kind() != Kind.REBALANCING) {
          told.add("%d %s %s".formatted(second, event.kind(), event.message()));
        }
      }
    }
    return told;
  }

  private Fleet.SimulatedPod pod() {
    return fleet.pods.getFirst();
  }

  private static int bytes(int mebibytes) {
    // 64 KiB for each connection, on 48 MiB
    return (mebibytes - 48) * 16;
  }

  @Test
  void pressureThatEasedIsToldWithItsFiguresAndTime() {
    pod().peak = bytes(120);
    assertThat(told(20))
        .singleElement()
        .asString()
        .matches(
            "1 PRESSURE 90 % of memory or more in use: chat-0 \\(120Mi of 128Mi, at most \\d+ of 768 connections while it recovers\\)");
    pod().peak = bytes(64);
    assertThat(told(60))
        .singleElement()
        .asString()
        .matches(
            "30 PRESSURE_EASED no pod uses 90 % of its memory or more any longer, after 19 s: chat-0 \\(64Mi of 128Mi, at most \\d+ of 768 connections while it recovers\\)");
  }

  @Test
  void pressureThatComesAndGoesIsOne() {
    var told = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      pod().peak = bytes(i % 2 == 0 ? 120 : 64);
      told.addAll(told(5));
    }
    assertThat(told).singleElement().asString().startsWith("1 PRESSURE ");
    assertThat(told(60))
        .singleElement()
        .asString()
        .contains("PRESSURE_EASED")
        .contains("after 2 min");
  }

  @Test
  void aPodThatJoinsIsToldOfAndTheEndIsToldOfBoth() {
    pod().peak = bytes(120);
    assertThat(told(5)).hasSize(1);
    fleet.pods.getLast().peak = bytes(118);
    assertThat(told(5))
        .singleElement()
        .asString()
        .contains("PRESSURE ")
        .contains("chat-1 (118Mi of 128Mi")
        .doesNotContain("chat-0");
    fleet.pods.forEach(each -> each.peak = bytes(64));
    assertThat(told(60)).singleElement().asString().contains("chat-0 (").contains("; chat-1 (");
  }

  @Test
  void pressureOfAPodThatNoLongerAnswersHasNotEased() {
    pod().peak = bytes(120);
    told(5);
    pod().answers = false;
    assertThat(told(120)).singleElement().asString().startsWith("1 METRICS_MISSING");
  }

  @Test
  void aKillForMemoryEndsWhenThePodIsBackBelowPressure() {
    told(1);
    fleet.kill(pod());
    assertThat(told(120))
        .satisfiesExactly(
            begun -> assertThat(begun).startsWith("1 PRESSURE chat-0 was killed for want of"),
            ended -> assertThat(ended).startsWith("31 PRESSURE_EASED ").contains("after 1 s"));
  }

  @Test
  void cutsThatNobodyCarriesOutAreNotTold() {
    fleet.paused = Optional.of("paused");
    fleet.kill(pod());
    fleet.pods.getLast().peak = bytes(120);
    assertThat(told(5))
        .containsExactly(
            "1 PRESSURE 90 % of memory or more in use: chat-1 (120Mi of 128Mi)",
            "1 PRESSURE chat-0 was killed for want of memory");
  }

  @Test
  void podsThatAnswerAgainAreTold() {
    pod().answers = false;
    assertThat(told(10))
        .containsExactly(
            "1 METRICS_MISSING 1 of 2 pods can't be observed: chat-0: no answer in 500 ms");
    pod().answers = true;
    pod().active = 80;
    assertThat(told(60))
        .singleElement()
        .asString()
        .matches(
            "30 METRICS_BACK 2 pods are observed and none is missing any longer, after 9 s: chat-0 with \\d+ connections");
  }

  @Test
  void metricsAreNotBackWhileNoPodAnswers() {
    fleet.pods.forEach(each -> each.answers = false);
    assertThat(told(5)).hasSize(1);
    // They start anew: none is missing, and none is there.
    fleet.pods.forEach(each -> each.answers = true);
    fleet.startSeconds = 1_000;
    fleet.pods.forEach(each -> each.age = 0);
    assertThat(told(120)).isEmpty();
    fleet.startSeconds = 3;
    assertThat(told(1)).singleElement().asString().startsWith("1 METRICS_BACK 2 pods are");
  }

  @Test
  void aScrapeThatFailsNowAndThenIsToldOnce() {
    var told = new ArrayList<String>();
    for (int i = 0; i < 30; i++) {
      pod().answers = i % 3 != 0;
      told.addAll(told(1));
    }
    assertThat(told).hasSize(1);
  }

  @Test
  void aConflictThatIsResolvedIsToldAtOnce() {
    fleet.conflict = Optional.of(HPA);
    assertThat(told(10)).containsExactly("1 CONFLICT " + HPA);
    fleet.conflict = Optional.empty();
    assertThat(told(10))
        .containsExactly("1 CONFLICT_RESOLVED no conflict any longer, after 9 s: " + HPA);
  }

  @Test
  void anotherThatConflictsIsToldOf() {
    fleet.conflict = Optional.of(HPA);
    told(2);
    fleet.conflict = Optional.of("ConnectionPolicy old governs it");
    assertThat(told(2)).containsExactly("1 CONFLICT ConnectionPolicy old governs it");
  }

  @Test
  void anOperatorThatRestartsTellsNeitherTheBeginningAgainNorAnEnd() {
    pod().peak = bytes(120);
    fleet.pods.getLast().answers = false;
    fleet.conflict = Optional.of(HPA);
    told(5);
    fleet.restartOperator();
    assertThat(told(60)).isEmpty();
  }

  @Test
  void whatEndedWhileTheOperatorRestartedIsToldWhenItIsSure() {
    pod().peak = bytes(120);
    told(5);
    fleet.restartOperator();
    pod().peak = bytes(64);
    assertThat(told(29)).isEmpty();
    assertThat(told(60)).singleElement().asString().startsWith("2 PRESSURE_EASED no pod uses 90 %");
  }

  @Test
  void anEndThatTheOperatorBeforeWasNotSureOfIsTold() {
    resumeAway(10);
    assertThat(told(60))
        .singleElement()
        .asString()
        .isEqualTo("31 PRESSURE_EASED no pod uses 90 % of its memory or more any longer");
  }

  @Test
  void pressureThatComesBackBeforeItsEndIsSureIsNotToldAgain() {
    resumeAway(10);
    pod().peak = bytes(120);
    assertThat(told(10)).isEmpty();
  }

  @Test
  void pressureThatBeginsAfterTheEndOfAnEarlierOneIsTold() {
    resumeAway(30);
    pod().peak = bytes(120);
    assertThat(told(10)).singleElement().asString().startsWith("1 PRESSURE 90 % of memory");
  }

  /** Another process goes on; pressure was told of, and has been away for so many seconds. */
  private void resumeAway(int seconds) {
    fleet.restartOperator();
    fleet.history =
        History.resumed(
            COST,
            fleet.history.limit(),
            Map.of(Condition.Type.PRESSURE, Episode.away(fleet.now.minusSeconds(seconds))));
  }

  @Test
  void aNewOperatorTellsNoEndOfWhatHadEnded() {
    pod().peak = bytes(120);
    told(5);
    pod().peak = bytes(64);
    told(60);
    fleet.restartOperator();
    assertThat(told(60)).isEmpty();
  }
}
