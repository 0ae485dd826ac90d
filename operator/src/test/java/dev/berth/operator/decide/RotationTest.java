package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RotationTest {
  private static final long COST = 64 << 10;

  /** A fleet that is told to keep its pods, with so many connections on each. */
  private static Fleet fleet(Integer... connections) {
    int pods = connections.length;
    var fleet = new Fleet(Policies.replicas(pods, pods), pods, COST, new Random(7));
    fleet.seconds(2, 0);
    for (int i = 0; i < pods; i++) {
      fleet.pods.get(i).active = connections[i];
      fleet.pods.get(i).peak = connections[i];
    }
    fleet.second(List.of(connections).stream().mapToInt(Integer::intValue).sum());
    return fleet;
  }

  private static List<String> mayLeave(Fleet fleet) {
    return fleet.pods.stream().filter(pod -> pod.mayLeave).map(pod -> pod.name).toList();
  }

  @Test
  void fullPodsMayLeaveWhileOthersHaveRoom() {
    assertThat(mayLeave(fleet(765, 760, 300))).containsExactly("chat-0", "chat-1");
  }

  @Test
  void theOnlyPodStays() {
    assertThat(mayLeave(fleet(760))).isEmpty();
  }

  @Test
  void allStayWhereNoneHasRoom() {
    assertThat(mayLeave(fleet(760, 750, 740))).isEmpty();
  }

  @Test
  void thoseThatStayHaveRoomForATenthOfAllConnections() {
    var fleet = fleet(740, 740, 700, 600);
    assertThat(mayLeave(fleet)).doesNotContain("chat-2", "chat-3");
  }

  @Test
  void aPodLeavesOnlyWhereRoomIsAmpleAndMayStayAwayWithLess() {
    // 1,360 connections ask for room of 136; for one more pod to leave, of 204. chat-0 has 168.
    assertThat(mayLeave(fleet(600, 760))).isEmpty();
    var fleet = fleet(300, 760);
    assertThat(mayLeave(fleet)).containsExactly("chat-1");
    fleet.pods.getFirst().active = 600;
    fleet.second(1_360);
    assertThat(mayLeave(fleet)).containsExactly("chat-1");
  }

  @Test
  void aDrainingPodsMarkIsLeftAsItIs() {
    var fleet = fleet(760, 300, 100);
    assertThat(mayLeave(fleet)).containsExactly("chat-0", "chat-1");
    fleet.pods.getFirst().draining = Optional.of(fleet.now);
    fleet.second(1_160);
    assertThat(fleet.last.actions().stay()).isEmpty();
    assertThat(mayLeave(fleet)).contains("chat-0");
  }

  @Test
  void aPodMayNoMoreWhenTheOthersFill() {
    var fleet = fleet(760, 300);
    assertThat(mayLeave(fleet)).containsExactly("chat-0");
    fleet.pods.getLast().active = 740;
    fleet.second(1_500);
    assertThat(mayLeave(fleet)).isEmpty();
  }

  @Test
  void aMarkMovesOnlyToAPodThatIsMuchFuller() {
    var fleet = fleet(400, 300);
    assertThat(mayLeave(fleet)).containsExactly("chat-0");
    fleet.pods.getFirst().active = 330;
    fleet.pods.getLast().active = 370;
    fleet.second(700);
    assertThat(mayLeave(fleet)).containsExactly("chat-0");
    fleet.pods.getFirst().active = 100;
    fleet.pods.getLast().active = 600;
    fleet.second(700);
    assertThat(mayLeave(fleet)).containsExactly("chat-1");
  }

  @Test
  void aPodThatIsFullMayBeforeOneThatIsNot() {
    var fleet = fleet(670, 600, 600);
    assertThat(mayLeave(fleet)).containsExactly("chat-0");
    fleet.pods.get(1).active = 768;
    fleet.pods.get(2).active = 500;
    fleet.second(1_938);
    // It takes no room from the others; with chat-0's taken first they had too little for one more.
    assertThat(mayLeave(fleet)).containsExactly("chat-0", "chat-1");
  }

  @Test
  void noPodOfAStatefulSetMay() {
    var fleet = fleet(760, 300);
    fleet.removal = Workload.Removal.HIGHEST_ORDINAL_FIRST;
    fleet.second(1_060);
    assertThat(mayLeave(fleet)).isEmpty();
  }

  @Test
  void noneMayWhileARolloutReplacesThem() {
    var fleet = fleet(760, 300);
    fleet.pods.getLast().template = "t2";
    fleet.second(1_060);
    assertThat(mayLeave(fleet)).isEmpty();
  }

  @Test
  void noneMayUnderAPolicyThatKeepsThem() {
    var fleet = fleet(760, 300);
    fleet.policy = Policies.staying(2);
    fleet.second(1_060);
    assertThat(mayLeave(fleet)).isEmpty();
  }

  @Test
  void whatIsWrittenIsNotWrittenAgain() {
    var fleet = fleet(760, 300);
    fleet.second(1_060);
    assertThat(fleet.last.actions().leave()).isEmpty();
    assertThat(fleet.last.actions().stay()).isEmpty();
  }

  @Test
  void aFullPodRefusesNobodyWhileAnotherHasRoom() {
    var fleet = fleet(740, 100);
    fleet.seconds(30, 1_000);
    assertThat(fleet.rejected).isZero();
    assertThat(fleet.active()).isEqualTo(1_000);
  }

  @Test
  void itIsToldInWords() {
    var fleet = fleet(765, 300);
    fleet.second(1_065);
    assertThat(fleet.last.report().reason())
        .contains("1 pod is full and out of rotation, as others have room");
  }
}
