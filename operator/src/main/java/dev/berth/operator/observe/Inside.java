package dev.berth.operator.observe;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a pod's spec and status tell of its containers. */
final class Inside {
  /** What a container waits for that won't come without somebody's help. */
  private static final Set<String> STUCK =
      Set.of(
          "CrashLoopBackOff",
          "ImagePullBackOff",
          "ErrImagePull",
          "ErrImageNeverPull",
          "InvalidImageName",
          "CreateContainerConfigError",
          "CreateContainerError",
          "RunContainerError");

  /** The kubelet tells of a pod's start and of its being unready at once, in whole seconds. */
  private static final Duration ONE_MOMENT = Duration.ofSeconds(1);

  private final Pod pod;

  Inside(Pod pod) {
    this.pod = pod;
  }

  /** Containers that run as long as the pod: its own, and native sidecars. */
  private List<Container> lasting() {
    List<Container> own = pod.getSpec().getContainers();
    List<Container> first = pod.getSpec().getInitContainers();
    if (first.isEmpty()) {
      return own;
    }
    var all = new ArrayList<>(own);
    for (Container each : first) {
      if ("Always".equals(each.getRestartPolicy())) {
        all.add(each);
      }
    }
    return all;
  }

  /**
   * The container whose memory counts: the one named, else the one that declares the metrics port,
   * else the only one.
   */
  Optional<Container> governed(Optional<String> named, int metricsPort) {
    List<Container> lasting = lasting();
    for (Container each : lasting) {
      boolean right =
          named.map(each.getName()::equals).orElseGet(() -> declares(each, metricsPort));
      if (right) {
        return Optional.of(each);
      }
    }
    return named.isEmpty() && lasting.size() == 1
        ? Optional.of(lasting.getFirst())
        : Optional.empty();
  }

  private static boolean declares(Container container, int port) {
    for (ContainerPort each : container.getPorts()) {
      if (each.getContainerPort() == port) {
        return true;
      }
    }
    return false;
  }

  /**
   * The container's memory limit in bytes as it is in force, a resize in place included, or else
   * its share of the pod's; absent without one. To Kubernetes 0 is no limit.
   */
  OptionalLong memoryLimit(Container container) {
    Optional<BigDecimal> inForce =
        status(container.getName()).map(ContainerStatus::getResources).flatMap(Inside::memory);
    return inForce
        .or(() -> memory(container.getResources()))
        .or(() -> memory(pod.getSpec().getResources()).map(whole -> share(container, whole)))
        .map(bytes -> OptionalLong.of(bytes.longValue()))
        .orElse(OptionalLong.empty());
  }

  /**
   * What the other containers leave of the pod's limit: each may take its own limit, or else its
   * request. Where that is all of it, an equal part.
   */
  private BigDecimal share(Container container, BigDecimal whole) {
    List<Container> lasting = lasting();
    BigDecimal left = whole;
    for (Container each : lasting) {
      if (!each.getName().equals(container.getName())) {
        Optional<ResourceRequirements> its = Optional.ofNullable(each.getResources());
        left =
            left.subtract(
                its.flatMap(Inside::memory)
                    .or(() -> its.map(ResourceRequirements::getRequests).flatMap(Inside::memory))
                    .orElse(BigDecimal.ZERO));
      }
    }
    return left.signum() > 0
        ? left
        : whole.divideToIntegralValue(BigDecimal.valueOf(lasting.size()));
  }

  private static Optional<BigDecimal> memory(@Nullable ResourceRequirements resources) {
    return Optional.ofNullable(resources)
        .map(ResourceRequirements::getLimits)
        .flatMap(Inside::memory);
  }

  private static Optional<BigDecimal> memory(Map<String, Quantity> amounts) {
    return Optional.ofNullable(amounts.get("memory"))
        .map(Quantity::getAmountInBytes)
        .filter(bytes -> bytes.signum() > 0);
  }

  /** When one of the containers that count was last killed for memory. */
  Optional<Instant> outOfMemory(Optional<Container> governed) {
    return statuses()
        .filter(each ->
            governed.map(container -> container.getName().equals(each.getName())).orElse(true))
        .flatMap(each -> Stream.of(each.getState(), each.getLastState()))
        .flatMap(each -> Optional.ofNullable(each).map(ContainerState::getTerminated).stream())
        .filter(each -> "OOMKilled".equals(each.getReason()))
        .flatMap(each -> instant(each.getFinishedAt()).stream())
        .max(Comparator.naturalOrder());
  }

  /** Why the pod won't come up by itself, in words; absent while it may. */
  Optional<String> stuck() {
    return statuses()
        .flatMap(each ->
            Optional.ofNullable(each.getState())
                .map(ContainerState::getWaiting)
                .filter(
                    waiting -> waiting.getReason() != null && STUCK.contains(waiting.getReason()))
                .map(waiting ->
                    "container %s is in %s%s"
                        .formatted(each.getName(), waiting.getReason(), lastEnd(each)))
                .stream())
        .findFirst();
  }

  /** Why the pod isn't ready although it ran before, in words; absent if it never ended. */
  Optional<String> crashed() {
    return statuses()
        .filter(each -> each.getRestartCount() != null && each.getRestartCount() > 0)
        .filter(each -> !Boolean.TRUE.equals(each.getReady()))
        .map(each -> "container %s restarted%s".formatted(each.getName(), lastEnd(each)))
        .findFirst();
  }

  private static String lastEnd(ContainerStatus status) {
    return Optional.ofNullable(status.getLastState())
        .map(ContainerState::getTerminated)
        .map(Inside::end)
        .orElse("");
  }

  private static String end(ContainerStateTerminated end) {
    return " after %s (exit status %d)".formatted(end.getReason(), end.getExitCode());
  }

  private Optional<ContainerStatus> status(String container) {
    return statuses().filter(each -> each.getName().equals(container)).findFirst();
  }

  private Stream<ContainerStatus> statuses() {
    return Stream.concat(
        pod.getStatus().getContainerStatuses().stream(),
        pod.getStatus().getInitContainerStatuses().stream());
  }

  /**
   * Whether one of its lasting containers may run: it isn't told to wait or to have ended. A node
   * that is away leaves what it last told.
   */
  boolean running() {
    Set<String> lasting =
        lasting().stream().map(Container::getName).collect(Collectors.toUnmodifiableSet());
    return statuses()
        .filter(each -> lasting.contains(each.getName()))
        .map(ContainerStatus::getState)
        .anyMatch(state ->
            state == null || (state.getWaiting() == null && state.getTerminated() == null));
  }

  boolean ready() {
    return readiness().filter(each -> each.getStatus().equals("True")).isPresent();
  }

  /**
   * Whether it was never ready: it isn't since the kubelet first told of it. No Service ever sent a
   * client to it then.
   */
  boolean neverReady() {
    return !ready()
        && readiness()
            .map(each ->
                instant(each.getLastTransitionTime())
                    .flatMap(since ->
                        instant(pod.getStatus().getStartTime())
                            .map(start -> !since.isAfter(start.plus(ONE_MOMENT))))
                    .orElse(false))
            .orElse(true);
  }

  private Optional<PodCondition> readiness() {
    return pod.getStatus().getConditions().stream()
        .filter(each -> each.getType().equals("Ready"))
        .findFirst();
  }

  private static Optional<Instant> instant(String time) {
    try {
      return Optional.ofNullable(time).map(Instant::parse);
    } catch (DateTimeParseException unreadable) {
      return Optional.empty();
    }
  }
}
