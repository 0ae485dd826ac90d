package dev.berth.operator.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Looks who is removed: pods that nobody had chosen, while one that was chosen stays. */
final class Removals implements Consumer<World> {
  private final List<String> unchosen = new ArrayList<>();
  private List<ServerPod> before = List.of();

  @Override
  public void accept(World world) {
    List<ServerPod> staying = world.workload().staying().toList();
    if (staying.stream().anyMatch(Removals::chosen)) {
      before.stream()
          .filter(pod -> pod.leaving() && !chosen(pod))
          .map(pod ->
              "%s with %d connections at %.1f s"
                  .formatted(pod.name, pod.connections.active(), world.second()))
          .forEach(unchosen::add);
    }
    before = staying;
  }

  private static boolean chosen(ServerPod pod) {
    return pod.deletionCost == Integer.MIN_VALUE;
  }

  List<String> unchosen() {
    return unchosen;
  }
}
