package dev.berth.operator.simulate;

import dev.berth.operator.simulate.Setting.Server;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The workload's controller: has as many pods as it is told. When there are too many, those go
 * first that aren't ready, then those with the lowest deletion cost, the latest ready, the most
 * often restarted, the newest, as of Kubernetes.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset">
 *     Scaling a ReplicaSet</a>
 */
final class ReplicaSet {
  private static final Comparator<ServerPod> FIRST_TO_GO =
      Comparator.comparing(ServerPod::ready)
          .thenComparingInt((ServerPod pod) -> pod.deletionCost)
          .thenComparing(Comparator.comparingLong(ServerPod::runningSince).reversed())
          .thenComparing(Comparator.comparingInt(ServerPod::restarts).reversed())
          .thenComparing(Comparator.comparingInt((ServerPod pod) -> pod.ordinal).reversed());

  private final Setting setting;
  private final Server server;
  private final Chance chance;
  private final List<ServerPod> pods = new ArrayList<>();
  private int replicas;
  private int named;

  ReplicaSet(Setting setting, Server server, Chance chance) {
    this.setting = setting;
    this.server = server;
    this.chance = chance;
    this.replicas = setting.replicas();
    for (int i = 0; i < replicas; i++) {
      add(0).startAtOnce(0);
    }
  }

  int replicas() {
    return replicas;
  }

  void scale(int to) {
    replicas = to;
  }

  /** All pods, those included that are on their way out. */
  List<ServerPod> pods() {
    return pods;
  }

  /** Those that are not on their way out. */
  Stream<ServerPod> staying() {
    return pods.stream().filter(pod -> !pod.leaving());
  }

  /** Starts what is missing, tells what is too much to stop, and forgets what is gone. */
  void tick(long now) {
    pods.removeIf(ServerPod::gone);
    int staying = (int) staying().count();
    for (; staying < replicas; staying++) {
      add(now);
    }
    if (staying > replicas) {
      staying()
          .sorted(FIRST_TO_GO)
          .limit(staying - replicas)
          .toList()
          .forEach(pod -> pod.leave(now));
      pods.removeIf(ServerPod::gone);
    }
  }

  private ServerPod add(long now) {
    var pod = new ServerPod(++named, setting, server, chance, now);
    pods.add(pod);
    return pod;
  }
}
