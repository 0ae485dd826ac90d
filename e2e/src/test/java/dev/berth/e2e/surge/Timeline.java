package dev.berth.e2e.surge;

import dev.berth.e2e.load.Recorded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was recorded of a surge, by the second: of the clients, and of each pod. The last line of a
 * second stands for it.
 *
 * @param begins when the first client was wanted, in milliseconds since 1970
 * @param lines all that was recorded, by time
 */
record Timeline(long begins, List<Recorded> lines) {
  Timeline {
    lines = List.copyOf(lines);
  }

  /** A second: the clients, and the pods that answered, by name. */
  record Second(int at, Recorded.Clients clients, Map<String, Recorded.Pod> pods) {
    int active() {
      return pods.values().stream().mapToInt(Recorded.Pod::active).sum();
    }
  }

  List<Second> seconds() {
    var clients = new TreeMap<Integer, Recorded.Clients>();
    var pods = new HashMap<Integer, Map<String, Recorded.Pod>>();
    for (Recorded line : lines) {
      int second = (int) Math.floorDiv(line.at() - begins, 1000L);
      switch (line) {
        case Recorded.Clients seen -> clients.put(second, seen);
        case Recorded.Pod pod ->
            pods.computeIfAbsent(second, each -> new TreeMap<>()).put(pod.name(), pod);
      }
    }
    var seconds = new ArrayList<Second>();
    clients
        .tailMap(0)
        .forEach((at, seen) -> seconds.add(new Second(at, seen, pods.getOrDefault(at, Map.of()))));
    return seconds;
  }

  /** What was recorded of a pod. */
  List<Recorded.Pod> of(String pod) {
    return lines.stream()
        .filter(Recorded.Pod.class::isInstance)
        .map(Recorded.Pod.class::cast)
        .filter(line -> line.name().equals(pod))
        .toList();
  }

  /** Writes {@code seconds.csv}, the fleet by the second, and {@code pods.csv}, each pod. */
  void write(Path folder, Witness witness) throws IOException {
    var fleet =
        new StringBuilder(
            "second,wanted,open,replicas,ready,limit,connections,fullest_bytes,refused,graceful,unreachable,broken\n");
    var each =
        new StringBuilder(
            "second,pod,serves,connections,limit,working_set_bytes,accepted,rejected,draining\n");
    for (Second second : seconds()) {
      long at = begins + second.at() * 1000L + 999;
      var serving = new TreeSet<String>();
      witness
          .lives()
          .forEach((name, life) -> {
            if (life.serves(at)) {
              serving.add(name);
            }
          });
      var seen = second.clients();
      fleet.append(
          "%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d,%d%n"
              .formatted(
                  second.at(),
                  seen.wanted(),
                  seen.open(),
                  Witness.last(witness.replicas(), at).map(Witness.Change::to).orElse(0),
                  serving.size(),
                  second.pods().values().stream()
                      .filter(pod -> serving.contains(pod.name()))
                      .mapToInt(Recorded.Pod::limit)
                      .sum(),
                  second.active(),
                  second.pods().values().stream()
                      .mapToLong(Recorded.Pod::workingSet)
                      .max()
                      .orElse(0),
                  seen.refused(),
                  seen.graceful(),
                  seen.unreachable(),
                  seen.broken()));
      second
          .pods()
          .values()
          .forEach(pod ->
              each.append(
                  "%d,%s,%s,%d,%d,%d,%d,%d,%s%n"
                      .formatted(
                          second.at(),
                          pod.name(),
                          serving.contains(pod.name()),
                          pod.active(),
                          pod.limit(),
                          pod.workingSet(),
                          pod.accepted(),
                          pod.rejected(),
                          pod.draining())));
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("seconds.csv"), fleet);
    Files.writeString(folder.resolve("pods.csv"), each);
  }
}
