package dev.berth.operator.decide;

import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.Policy.Connections.WhenFull;
import dev.berth.operator.decide.Policy.UpdateMode;
import dev.berth.operator.decide.Tale.Played;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/** Tales are of what the properties speak of: each case occurs in one of two hundred at least. */
class TaleTest {
  private static final Map<String, Predicate<Played>> CASES = cases();

  private static Map<String, Predicate<Played>> cases() {
    var cases = new LinkedHashMap<String, Predicate<Played>>();
    for (Event.Kind kind : Event.Kind.values()) {
      cases.put("it tells " + kind, played -> tells(played, kind));
    }
    cases.put("pods are added", played -> played.actions().scale() instanceof Scale.Up);
    cases.put("pods are removed", Played::removes);
    cases.put(
        "pods are added while others drain",
        played -> played.actions().scale() instanceof Scale.Up && drains(played));
    cases.put("no pod drains any longer", played -> !played.actions().undrain().isEmpty());
    cases.put(
        "pods drain when another scales them",
        played -> played.seen().workload().conflict().isPresent() && drains(played));
    cases.put(
        "pods drain when it is paused",
        played -> played.seen().workload().paused().isPresent() && drains(played));
    cases.put(
        "pods drain when it is off",
        played -> played.policy().mode() == UpdateMode.OFF && drains(played));
    cases.put(
        "pods drain in a rollout", played -> played.seen().workload().rolling() && drains(played));
    cases.put(
        "pods drain while others can't be observed",
        played -> !played.seen().missing().isEmpty() && drains(played));
    cases.put(
        "pods drain while others start",
        played -> !played.seen().starting().isEmpty() && drains(played));
    cases.put("pods drain by hand", played -> !played.seen().drainedByHand().isEmpty());
    cases.put(
        "a budget lets fewer go than are too many",
        played -> played.decision().report().reason().contains("PodDisruptionBudget"));
    cases.put("it is scaled to zero", played -> played.seen().workload().replicas() == 0);
    cases.put("it falls back", played -> played.decision().report().reason().contains("fallback"));
    cases.put("pods leave rotation", played -> !played.actions().leave().isEmpty());
    cases.put("pods stay in rotation", played -> !played.actions().stay().isEmpty());
    cases.put(
        "full pods stay in rotation as the policy says",
        played ->
            played.policy().connections().whenFull() == WhenFull.STAY_IN_ROTATION
                && played.fleet().pods.stream().anyMatch(pod -> pod.full));
    cases.put(
        "clients are in a queue",
        played -> played.seen().pods().stream().anyMatch(pod -> pod.waiting() > 0));
    cases.put(
        "a pod has the limit of an older policy",
        played ->
            played.seen().pods().stream()
                .anyMatch(pod ->
                    pod.marks().limit().isPresent()
                        && pod.marks().generation() < played.policy().generation()));
    cases.put(
        "pods drain without time for it",
        played -> played.policy().drainTimeout().isZero() && drains(played));
    cases.put("pods have no memory limit", played -> !played.fleet().limited);
    cases.put("pods don't tell what they need", played -> !played.fleet().tellsLive);
    return cases;
  }

  private static boolean tells(Played played, Event.Kind kind) {
    return played.decision().report().events().stream().anyMatch(event -> event.kind() == kind);
  }

  private static boolean drains(Played played) {
    return !played.seen().draining().isEmpty();
  }

  @Property(tries = 1000, seed = "3", edgeCases = EdgeCasesMode.NONE)
  void everyCaseOccurs(@ForAll Tale tale) {
    Set<String> occurred = new HashSet<>();
    tale.play(played ->
        CASES.forEach((name, occurs) -> {
          if (!occurred.contains(name) && occurs.test(played)) {
            occurred.add(name);
          }
        }));
    for (String name : CASES.keySet()) {
      Statistics.label(name)
          .collect(occurred.contains(name))
          .coverage(share -> share.check(true).percentage(part -> part >= 0.2));
    }
  }
}
