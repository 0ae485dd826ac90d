package dev.berth.operator.local;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.berth.operator.decide.Decision.Actions;
import dev.berth.operator.decide.Decision.Scale;
import dev.berth.operator.decide.Pod;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path directory = Path.of("");
  private SocketChannel port;
  private InetSocketAddress address;
  private Fleet fleet;

  @BeforeEach
  void start() throws IOException {
    port = Ports.hold(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    address = (InetSocketAddress) port.getLocalAddress();
    fleet = new Fleet(new Launch(address, 128 << 20, 0), directory, 2, new Random(1));
  }

  @AfterEach
  void end() throws IOException {
    fleet.close();
    port.close();
  }

  private Map<String, Pod.State> states() throws IOException {
    fleet.tend(Instant.now());
    return fleet.observe(Instant.now()).pods().stream().collect(toMap(Pod::name, Pod::state));
  }

  private void awaitServing(String... names) {
    await()
        .atMost(SOON)
        .until(
            this::states,
            states ->
                states.keySet().equals(Set.of(names))
                    && states.values().stream().allMatch(Pod.Observed.class::isInstance));
  }

  private int active(String name) throws IOException {
    return states().get(name) instanceof Pod.Observed seen ? seen.active() : -1;
  }

  private void apply(Actions actions) throws IOException {
    fleet.apply(actions, 1, Instant.now());
  }

  @Test
  void aDrainedProcessIsLeftByItsClientsUnbrokenAndEndsWhenItIsRemoved() throws IOException {
    awaitServing("berth-1", "berth-2");
    var shape =
        new WaveShape(40, Duration.ZERO, Duration.ofMinutes(5), Duration.ZERO, Duration.ZERO);
    try (var wave = new Wave(address, shape, new Random(1))) {
      wave.start();
      await().atMost(SOON).until(() -> wave.state().open() == 40);
      assertThat(active("berth-1")).isPositive();
      assertThat(active("berth-2")).isPositive();

      apply(
          new Actions(Map.of(), Set.of(), Set.of(), Set.of(), Set.of("berth-1"), new Scale.Keep()));
      await().atMost(SOON).until(() -> active("berth-1") == 0 && wave.state().open() == 40);
      apply(
          new Actions(
              Map.of(),
              Set.of(),
              Set.of(),
              Set.of(),
              Set.of(),
              new Scale.Remove(1, Set.of("berth-1"))));
      await().atMost(SOON).until(() -> states().size() == 1 && fleet.processes().size() == 1);

      assertThat(active("berth-2")).isEqualTo(40);
      assertThat(wave.state().broken()).isZero();
      assertThat(wave.state().unreached()).isZero();
    }
  }

  @Test
  void limitsAreInForceAsWritten() throws IOException {
    awaitServing("berth-1", "berth-2");

    apply(
        new Actions(
            Map.of("berth-1", 123, "berth-2", 45),
            Set.of("berth-1"),
            Set.of(),
            Set.of(),
            Set.of(),
            new Scale.Keep()));

    await()
        .atMost(SOON)
        .untilAsserted(() ->
            assertThat(states().values())
                .extracting(state -> ((Pod.Observed) state).limit().orElseThrow())
                .containsExactlyInAnyOrder(123, 45));
  }

  @Test
  void aProcessThatDiesIsToldAndStartedAnew() throws IOException {
    awaitServing("berth-1", "berth-2");
    ProcessHandle killed = ProcessHandle.of(fleet.processes().getFirst().pid()).orElseThrow();

    killed.destroyForcibly();
    killed.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    List<String> told = fleet.tend(Instant.now());

    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("berth-1 (pid %d) ended by itself with status 137".formatted(killed.pid()));
    awaitServing("berth-2", "berth-3");
  }

  @Test
  void noProcessOutlivesTheFleet() throws IOException {
    awaitServing("berth-1", "berth-2");
    List<ProcessHandle> processes =
        fleet.processes().stream()
            .map(process -> ProcessHandle.of(process.pid()))
            .flatMap(Optional::stream)
            .toList();

    fleet.close();

    assertThat(processes).hasSize(2).noneMatch(ProcessHandle::isAlive);
  }
}
