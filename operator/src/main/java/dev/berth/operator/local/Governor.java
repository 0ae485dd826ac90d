package dev.berth.operator.local;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.PodReport;
import dev.berth.operator.decide.History;
import dev.berth.operator.decide.Observation;
import dev.berth.operator.decide.Pod;
import dev.berth.operator.decide.Policy;
import dev.berth.operator.decide.Round;
import dev.berth.operator.decide.Spelling;
import dev.berth.operator.metrics.PolicyMetrics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The control loop over a fleet: observe, decide, apply, tell. Owned by the thread that calls
 * {@link #round}.
 */
final class Governor {
  private static final String NAMESPACE = "local";
  private static final int REMEMBERED = 50;

  private final String name;
  private final Policy policy;
  private final Fleet fleet;
  private final PolicyMetrics metrics;
  private final Supplier<Optional<Wave.State>> wave;
  private final InstantSource time;
  private final Deque<Happening> recent = new ArrayDeque<>();
  private final List<Happening> notes = new ArrayList<>();
  private History history = History.NONE;

  Governor(
      String name,
      Policy policy,
      Fleet fleet,
      PolicyMetrics metrics,
      Supplier<Optional<Wave.State>> wave,
      InstantSource time) {
    this.name = name;
    this.policy = policy;
    this.fleet = fleet;
    this.metrics = metrics;
    this.wave = wave;
    this.time = time;
  }

  /** One round; what is to be shown of it. */
  View round() throws IOException {
    Instant now = time.instant();
    List<String> ended = fleet.tend(now);
    Observation seen = fleet.observe(now);
    Decision decision = Round.decide(policy, seen, history, now);
    fleet.apply(decision.actions(), policy.generation(), now);
    history = decision.history();
    metrics.record(NAMESPACE, name, decision, Duration.between(now, time.instant()));
    seen.pods().stream()
        .filter(pod -> pod.state() instanceof Pod.Missing)
        .forEach(missing -> metrics.scrapeFailed(NAMESPACE, name));
    List<Happening> news = news(now, ended, decision);
    recent.addAll(news);
    while (recent.size() > REMEMBERED) {
      recent.removeFirst();
    }
    return new View(now, decision.report(), lines(decision), wave.get(), news, List.copyOf(recent));
  }

  /** Tells, with the next round, that something went wrong here rather than in the fleet. */
  void note(String kind, String message) {
    notes.add(new Happening(time.instant(), kind, message, true));
  }

  private List<Happening> news(Instant now, List<String> ended, Decision decision) {
    var news = new ArrayList<>(notes);
    notes.clear();
    ended.forEach(message -> news.add(new Happening(now, "Process", message, true)));
    decision
        .report()
        .events()
        .forEach(event ->
            news.add(
                new Happening(
                    now,
                    Spelling.upperCamelCase(event.kind()),
                    event.message(),
                    event.kind().warning())));
    return news;
  }

  private List<View.Line> lines(Decision decision) {
    Map<String, PodReport> reports =
        decision.report().pods().stream()
            .collect(Collectors.toMap(PodReport::name, Function.identity()));
    return fleet.processes().stream()
        .map(process -> line(process, Optional.ofNullable(reports.get(process.name()))))
        .toList();
  }

  private static View.Line line(ServerProcess process, Optional<PodReport> report) {
    return new View.Line(
        process.name(),
        process.pid(),
        phase(process, report),
        report.map(PodReport::active).orElse(0),
        report.map(PodReport::appliedLimit).orElse(0),
        report.map(PodReport::memory).orElse(0L),
        process.memory());
  }

  private static View.Phase phase(ServerProcess process, Optional<PodReport> report) {
    if (process.stopping()) {
      return View.Phase.STOPPING;
    }
    return report
        .map(seen ->
            switch (seen.phase()) {
              case SERVING -> View.Phase.SERVING;
              case STARTING -> View.Phase.STARTING;
              case DRAINING -> View.Phase.DRAINING;
              case MISSING -> View.Phase.MISSING;
            })
        .orElse(View.Phase.STARTING);
  }
}
