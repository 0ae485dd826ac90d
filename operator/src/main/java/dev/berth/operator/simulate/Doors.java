package dev.berth.operator.simulate;

import java.util.List;
import java.util.Optional;

/**
 * The pods that new connections are sent to, each as likely as another, but for the first, which
 * may draw more.
 */
final class Doors {
  private final List<ServerPod> pods;
  private final double hot;

  private Doors(List<ServerPod> pods, double hot) {
    this.pods = pods;
    this.hot = hot;
  }

  static Doors of(List<ServerPod> all, long now, double hotDraw) {
    var open = all.stream().filter(pod -> pod.routed(now)).toList();
    boolean first = !open.isEmpty() && open.getFirst() == all.getFirst();
    return new Doors(open, first ? hotDraw : 1);
  }

  Optional<ServerPod> choose(Chance chance) {
    if (pods.isEmpty()) {
      return Optional.empty();
    }
    double at = chance.part() * (hot + pods.size() - 1);
    return Optional.of(pods.get(at < hot ? 0 : Math.min(pods.size() - 1, 1 + (int) (at - hot))));
  }
}
