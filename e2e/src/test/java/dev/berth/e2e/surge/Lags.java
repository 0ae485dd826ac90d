package dev.berth.e2e.surge;

import dev.berth.e2e.load.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How long limits took from their writing, or from when their pod was ready, until they were seen
 * in force. One that was superseded counts by what superseded it; one that never was in force
 * counts up to the last look at its pod, if that serves still. Pods are looked at twice a second,
 * so that up to half a second of each is the looking.
 *
 * @param all by rising seconds
 */
record Lags(List<Lag> all) {
  Lags {
    all = List.copyOf(all);
  }

  /** A limit of a pod. */
  record Lag(String pod, long written, int limit, double seconds) {}

  static Lags of(Timeline timeline, Witness witness) {
    var all = new ArrayList<Lag>();
    witness
        .lives()
        .forEach((pod, life) -> {
          List<Recorded.Pod> lines = timeline.of(pod);
          for (int i = 0; i < life.limits().size(); i++) {
            of(pod, life, life.limits().subList(i, life.limits().size()), lines)
                .ifPresent(all::add);
          }
        });
    all.sort(java.util.Comparator.comparingDouble(Lag::seconds));
    return new Lags(all);
  }

  private static Optional<Lag> of(
      String pod, Witness.Life life, List<Witness.Change> written, List<Recorded.Pod> lines) {
    Witness.Change first = written.getFirst();
    List<Integer> due = written.stream().map(Witness.Change::to).toList();
    long from = since(first.at(), life);
    List<Recorded.Pod> looks = lines.stream().filter(line -> line.at() >= from).toList();
    return looks.stream()
        .filter(line -> due.contains(line.limit()))
        .findFirst()
        .or(() -> looks.reversed().stream().findFirst().filter(line -> life.serves(line.at())))
        .map(line -> new Lag(pod, first.at(), first.to(), (line.at() - from) / 1000.0));
  }

  /** When a limit written at a time is due: then, or when the pod is ready. */
  private static long since(long written, Witness.Life life) {
    return life.readyAt(written)
        ? written
        : life.ready().stream()
            .filter(change -> change.to() == 1)
            .mapToLong(Witness.Change::at)
            .filter(at -> at >= written)
            .findFirst()
            .orElse(written);
  }

  /** The seconds that a part of them took at most; 0 without any. */
  double at(double part) {
    return all.isEmpty()
        ? 0
        : all.get((int) Math.min(all.size() - 1, Math.floor(part * all.size()))).seconds();
  }

  double most() {
    return at(1);
  }

  /** A line for each. */
  String csv(long begins) {
    var text = new StringBuilder("written_second,pod,limit,seconds\n");
    all.forEach(lag ->
        text.append(
            "%.1f,%s,%d,%.2f%n"
                .formatted(
                    (lag.written() - begins) / 1000.0, lag.pod(), lag.limit(), lag.seconds())));
    return text.toString();
  }
}
