package dev.berth.operator.decide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Workload.Removal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class VictimsTest {
  private static Pod pod(String name, int active) {
    return pod(name, new Pod.Observed(active, 100, false, 0, 0, OptionalLong.empty()));
  }

  private static Pod pod(String name, Pod.State state) {
    return new Pod(name, "t", Pod.Marks.NONE, OptionalLong.empty(), Optional.empty(), state);
  }

  private static final List<Pod> PODS =
      List.of(pod("db-2", 1), pod("db-10", 50), pod("db-9", 7), pod("db-0", 3));

  @Test
  void thoseWithTheFewestConnectionsGo() {
    assertThat(Victims.of(2, PODS, Removal.CHEAPEST_FIRST)).containsExactly("db-2", "db-0");
  }

  @Test
  void thoseThatHoldNobodyGoBeforeThoseWithFewConnections() {
    var pods = new ArrayList<>(PODS);
    pods.add(pod("db-1", new Pod.Starting(Pod.Occupancy.EMPTY)));
    pods.add(pod("db-3", new Pod.Missing("no such image", Pod.Occupancy.NOT_RUNNING)));

    assertThat(Victims.of(3, pods, Removal.CHEAPEST_FIRST)).containsExactly("db-3", "db-1", "db-2");
  }

  @Test
  void ofAStatefulSetThoseWithTheHighestOrdinalsGo() {
    assertThat(Victims.of(2, PODS, Removal.HIGHEST_ORDINAL_FIRST)).containsExactly("db-10", "db-9");
  }

  @Test
  void thoseThatHoldTheMostConnectionsAreSparedFirst() {
    assertThat(Victims.spared(1, PODS, Removal.CHEAPEST_FIRST)).containsExactly("db-10");
  }

  @Test
  void aStatefulSetSparesItsLowestOrdinals() {
    assertThat(Victims.spared(2, PODS, Removal.HIGHEST_ORDINAL_FIRST))
        .containsExactly("db-0", "db-2");
  }
}
