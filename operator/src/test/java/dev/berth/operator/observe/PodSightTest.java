package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.decide.Pod;
import dev.berth.operator.policy.ConnectionPolicySpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PodSightTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
  private static final Scrape.Outcome REFUSED = new Scrape.Failed("connection refused");

  private static Scrape.Outcome answer(int active, boolean draining) {
    return new Scrape.Answered(
        new Reading(
            active,
            active / 2,
            1,
            OptionalInt.of(100),
            draining,
            3,
            50_000_000,
            OptionalLong.of(30_000_000),
            0,
            OptionalLong.of(64_000_000_000L)));
  }

  private static ConnectionPolicySpec spec(String yaml) {
    return Serialization.unmarshal(
        "scaleTargetRef: {kind: Deployment, name: chat}\n" + yaml, ConnectionPolicySpec.class);
  }

  private static io.fabric8.kubernetes.api.model.Pod pod(String metadata, String status) {
    return Serialization.unmarshal(
        """
        metadata: {name: chat-a, namespace: n, %s}
        spec:
          containers:
          - {name: log, resources: {limits: {memory: 32Mi}}}
          - {name: server, ports: [{containerPort: 9090}], resources: {limits: {memory: 128Mi}}}
        status: {podIP: 10.1.2.3, phase: Running, %s}
        """
            .formatted(metadata, status),
        io.fabric8.kubernetes.api.model.Pod.class);
  }

  private static final String READY = "conditions: [{type: Ready, status: 'True'}]";
  private static final String UNREADY = "conditions: [{type: Ready, status: 'False'}]";

  private static final String NEVER_READY =
      "startTime: '2026-01-01T00:00:00Z', conditions: [{type: Ready, status: 'False',"
          + " lastTransitionTime: '2026-01-01T00:00:01Z'}]";

  private static final String RUNNING =
      ", containerStatuses: [{name: server, restartCount: 0, ready: false, state: {running: {}}}]";

  private static Pod see(String metadata, String status, Scrape.Outcome outcome) {
    return new PodSight(pod(metadata, status), spec(""), NOW).pod(outcome);
  }

  @Test
  void aReadyPodThatAnswersIsObserved() {
    assertThat(see("", READY, answer(7, false)).state())
        .isEqualTo(
            new Pod.Observed(
                7,
                3,
                1,
                OptionalInt.of(100),
                false,
                3,
                50_000_000,
                OptionalLong.of(30_000_000),
                0));
  }

  @Test
  void aReadyPodThatDoesNotAnswerIsMissingNotEmpty() {
    assertThat(see("", READY + RUNNING, REFUSED).state())
        .isEqualTo(new Pod.Missing("connection refused"));
  }

  @Test
  void aPodThatWasNeverReadyIsStarting() {
    assertThat(see("", UNREADY, REFUSED).state())
        .isEqualTo(new Pod.Starting(Pod.Occupancy.NOT_RUNNING));
    assertThat(see("", UNREADY, answer(0, false)).state())
        .isEqualTo(new Pod.Starting(Pod.Occupancy.NOT_RUNNING));
  }

  @Test
  void aPodWhoseContainersRunTellsThatItDoes() {
    assertThat(see("", UNREADY + RUNNING, REFUSED).state())
        .isEqualTo(new Pod.Starting(Pod.Occupancy.OCCUPIED));
    assertThat(see("annotations: {berth.dev/drain: 'true'}", UNREADY + RUNNING, REFUSED).state())
        .isEqualTo(new Pod.Missing("connection refused"));
  }

  @Test
  void aPodThatRunsAndWasNeverReadyHoldsNobody() {
    assertThat(see("", NEVER_READY + RUNNING, REFUSED).state())
        .isEqualTo(new Pod.Starting(Pod.Occupancy.EMPTY));
    assertThat(
            see("", NEVER_READY + RUNNING.replace("restartCount: 0", "restartCount: 2"), REFUSED)
                .state())
        .isEqualTo(new Pod.Missing("container server restarted", Pod.Occupancy.EMPTY));
    assertThat(see("", NEVER_READY + RUNNING, answer(7, false)).state())
        .isInstanceOf(Pod.Observed.class);
  }

  @Test
  void aPodThatLostItsReadinessHoldsNobodyOnlyIfItSaysSo() {
    String lost = NEVER_READY.replace("00:00:01Z", "00:00:02Z") + RUNNING;

    assertThat(see("", lost, REFUSED).state()).isEqualTo(new Pod.Starting(Pod.Occupancy.OCCUPIED));
    assertThat(see("", lost, answer(0, false)).state())
        .isEqualTo(new Pod.Starting(Pod.Occupancy.EMPTY));
  }

  @Test
  void aPodWhoseContainersWaitOrHaveEndedDoesNotRun() {
    for (String state :
        List.of("waiting: {reason: ContainerCreating}", "terminated: {exitCode: 0}")) {
      assertThat(see("", UNREADY + RUNNING.replace("running: {}", state), REFUSED).state())
          .isEqualTo(new Pod.Starting(Pod.Occupancy.NOT_RUNNING));
    }
  }

  @Test
  void aPodRunsAsLongAsItsNativeSidecar() {
    String server = "name: server, restartPolicy: Always, ports: [{containerPort: 9090}]";
    var pod =
        Serialization.unmarshal(
            """
            metadata: {name: chat-a, namespace: n}
            spec: {initContainers: [{%s}, {name: setup}], containers: [{name: app}]}
            status:
              conditions: [{type: Ready, status: 'False'}]
              initContainerStatuses:
                - {name: server, restartCount: 0, ready: true, state: {running: {}}}
                - {name: setup, restartCount: 0, ready: true, state: {terminated: {exitCode: 0}}}
              containerStatuses:
                - {name: app, restartCount: 3, ready: false, state: {waiting: {reason: CrashLoopBackOff}}}
            """
                .formatted(server),
            io.fabric8.kubernetes.api.model.Pod.class);

    assertThat(new PodSight(pod, spec(""), NOW).pod(REFUSED).state())
        .isEqualTo(new Pod.Missing("container app is in CrashLoopBackOff", Pod.Occupancy.OCCUPIED));
  }

  @Test
  void aPodThatLostItsReadinessStillHoldsItsConnections() {
    assertThat(see("", UNREADY, answer(7, false)).state()).isInstanceOf(Pod.Observed.class);
    assertThat(see("", UNREADY, answer(7, false)).ready()).isFalse();
    assertThat(see("", READY, answer(7, true)).ready()).isTrue();
  }

  @Test
  void aDrainingPodIsUnreadyOnPurposeAndObserved() {
    assertThat(see("", UNREADY, answer(0, true)).state()).isInstanceOf(Pod.Observed.class);
    assertThat(see("annotations: {berth.dev/drain: 'true'}", UNREADY, answer(0, false)).state())
        .isInstanceOf(Pod.Observed.class);
  }

  @Test
  void aPodToldToDrainThatDoesNotAnswerIsMissing() {
    assertThat(see("annotations: {berth.dev/drain: 'true'}", UNREADY + RUNNING, REFUSED).state())
        .isEqualTo(new Pod.Missing("connection refused"));
  }

  @Test
  void aCrashLoopIsMissingAndSaysWhatItEndedWith() {
    String status =
        UNREADY
            + ", containerStatuses: [{name: server, restartCount: 4, ready: false,"
            + " state: {waiting: {reason: CrashLoopBackOff}},"
            + " lastState: {terminated: {reason: OOMKilled, exitCode: 137,"
            + " finishedAt: '2026-01-01T00:09:00Z'}}}]";

    Pod seen = see("", status, REFUSED);

    assertThat(seen.state())
        .isEqualTo(
            new Pod.Missing(
                "container server is in CrashLoopBackOff after OOMKilled (exit status 137)",
                Pod.Occupancy.NOT_RUNNING));
    assertThat(seen.outOfMemory()).contains(Instant.parse("2026-01-01T00:09:00Z"));
  }

  @Test
  void aPodThatComesBackFromACrashIsMissingUntilItIsReady() {
    String status =
        "containerStatuses: [{name: server, restartCount: 1, ready: false, state: {running: {}},"
            + " lastState: {terminated: {reason: Error, exitCode: 3}}}], ";

    assertThat(see("", status + UNREADY, REFUSED).state())
        .isEqualTo(new Pod.Missing("container server restarted after Error (exit status 3)"));
    assertThat(see("", READY, answer(0, false)).state()).isInstanceOf(Pod.Observed.class);
  }

  @Test
  void anImageThatCannotBePulledIsNoCapacityOnItsWay() {
    assertThat(
            see(
                    "",
                    UNREADY
                        + ", containerStatuses: [{name: server, restartCount: 0, ready: false,"
                        + " state: {waiting: {reason: ImagePullBackOff}}}]",
                    REFUSED)
                .state())
        .isEqualTo(
            new Pod.Missing("container server is in ImagePullBackOff", Pod.Occupancy.NOT_RUNNING));
  }

  @Test
  void aServerThatPublishesNoMemoryIsMissingAndSaysWhatWouldHelp() {
    var silent =
        new Scrape.Answered(
            new Reading(
                1,
                0,
                0,
                OptionalInt.of(10),
                false,
                0,
                0,
                OptionalLong.empty(),
                0,
                OptionalLong.empty()));

    assertThat(see("", READY, silent).state())
        .isInstanceOfSatisfying(
            Pod.Missing.class,
            missing -> assertThat(missing.why()).contains("spec.memory.source: Metrics"));
  }

  @Test
  void aNewPodThatIsNotMeasuredYetIsStarting() {
    String young = "creationTimestamp: '2026-01-01T00:08:00Z'";
    String old = "creationTimestamp: '2026-01-01T00:06:00Z'";

    assertThat(unmeasured(young)).isEqualTo(new Pod.Starting(Pod.Occupancy.OCCUPIED));
    assertThat(unmeasured(old)).isEqualTo(new Pod.Missing("no figures yet"));
    assertThat(unmeasured(young + ", annotations: {berth.dev/drain: 'true'}"))
        .isEqualTo(new Pod.Missing("no figures yet"));
  }

  private static Pod.State unmeasured(String metadata) {
    return new PodSight(pod(metadata, READY + RUNNING), spec(""), NOW)
        .unmeasured("no figures yet")
        .state();
  }

  @Test
  void theContainerWithTheMetricsPortGivesTheMemoryLimit() {
    assertThat(see("", READY, REFUSED).memoryLimit()).hasValue(128L << 20);
  }

  @Test
  void theContainerNamedGivesTheMemoryLimit() {
    var sight = new PodSight(pod("", READY), spec("memory: {container: log}"), NOW);

    assertThat(sight.pod(REFUSED).memoryLimit()).hasValue(32L << 20);
  }

  @Test
  void aContainerNamedThatIsNotThereIsToldRatherThanGuessed() {
    var sight = new PodSight(pod("", READY), spec("memory: {container: nope}"), NOW);

    assertThat(sight.pod(answer(1, false)).state())
        .isEqualTo(new Pod.Missing("it has no container nope, which spec.memory.container names"));
  }

  @Test
  void aLimitResizedInPlaceIsTheOneInForce() {
    String status =
        READY
            + ", containerStatuses: [{name: server, ready: true, restartCount: 0,"
            + " resources: {limits: {memory: 256Mi}}}]";

    assertThat(see("", status, REFUSED).memoryLimit()).hasValue(256L << 20);
  }

  @Test
  void aContainerWithoutALimitHasNoneWhateverTheMachineHas() {
    var pod = pod("", READY);
    pod.getSpec().getContainers().get(1).setResources(null);

    assertThat(new PodSight(pod, spec(""), NOW).pod(answer(1, false)).memoryLimit()).isEmpty();
  }

  @Test
  void aLimitOfNothingIsNone() {
    var pod = pod("", READY);
    pod.getSpec()
        .getContainers()
        .get(1)
        .getResources()
        .setLimits(Map.of("memory", new Quantity("0")));

    assertThat(new PodSight(pod, spec(""), NOW).pod(answer(1, false)).memoryLimit()).isEmpty();
  }

  @Test
  void ofALimitOfTheWholePodAContainerHasWhatTheOthersLeave() {
    assertThat(shared("limits: {memory: 32Mi}")).hasValue(96L << 20);
    assertThat(shared("requests: {memory: 48Mi}")).hasValue(80L << 20);
    assertThat(shared("requests: {memory: 48Mi}, limits: {memory: 64Mi}")).hasValue(64L << 20);
    assertThat(shared("")).hasValue(128L << 20);
    assertThat(shared("requests: {memory: 128Mi}")).as("half").hasValue(64L << 20);
  }

  /** The server's limit in a pod that has 128Mi for it and another container. */
  private static OptionalLong shared(String others) {
    var pod =
        Serialization.unmarshal(
            """
            metadata: {name: chat-a, namespace: n, uid: u, resourceVersion: "1"}
            spec:
              resources: {limits: {memory: 128Mi}}
              initContainers:
              - {name: setup, resources: {limits: {memory: 100Mi}}}
              containers:
              - {name: log, resources: {%s}}
              - {name: server, ports: [{containerPort: 9090}]}
            status: {podIP: 10.1.2.3, phase: Running, %s}
            """
                .formatted(others, READY),
            io.fabric8.kubernetes.api.model.Pod.class);
    new LeanPods().trim(pod);
    return new PodSight(pod, spec(""), NOW).pod(REFUSED).memoryLimit();
  }

  @Test
  void whereNoContainerCanBeToldThePodsOwnFigureCounts() {
    var pod = pod("", READY);
    pod.getSpec().getContainers().get(1).getPorts().clear();

    assertThat(new PodSight(pod, spec(""), NOW).pod(answer(1, false)).memoryLimit())
        .hasValue(64_000_000_000L);
  }

  @Test
  void marksAreReadFromTheAnnotations() {
    Pod.Marks marks =
        see(
                "annotations: {berth.dev/limit: '840', berth.dev/generation: '3',"
                    + " berth.dev/drain: 'true', berth.dev/drain-started: '2026-01-01T00:05:00Z'}",
                READY,
                REFUSED)
            .marks();

    assertThat(marks)
        .isEqualTo(
            new Pod.Marks(
                OptionalInt.of(840), 3, Optional.of(Instant.parse("2026-01-01T00:05:00Z"))));
  }

  @Test
  void onlyTrueLetsAPodLeaveRotation() {
    assertThat(mayLeave("true")).isTrue();
    assertThat(mayLeave("yes")).isFalse();
  }

  private boolean mayLeave(String value) {
    return see("annotations: {berth.dev/leave-when-full: '" + value + "'}", READY, REFUSED)
        .marks()
        .mayLeave();
  }

  @Test
  void marksThatAreNoneAreIgnored() {
    Pod.Marks marks =
        see(
                "annotations: {berth.dev/limit: '-3', berth.dev/generation: x,"
                    + " berth.dev/drain: 'yes'}",
                READY,
                REFUSED)
            .marks();

    assertThat(marks).isEqualTo(Pod.Marks.NONE);
  }

  @Test
  void aDrainWithoutItsBeginningIsSomebodysOwn() {
    assertThat(see("annotations: {berth.dev/drain: 'true'}", READY, REFUSED).marks().drain())
        .isEqualTo(new Pod.Drain.ByHand());
  }

  @Test
  void aDrainWhoseBeginningCannotBeReadBeginsNow() {
    assertThat(
            see(
                    "annotations: {berth.dev/drain: 'true', berth.dev/drain-started: soon}",
                    READY,
                    REFUSED)
                .marks()
                .drainingSince())
        .contains(NOW);
  }

  @Test
  void onlyTheOperatorsDeletionCostTellsThatThePodIsChosen() {
    assertThat(drain("-2147483648")).isEqualTo(new Pod.Drain.ByOperator(NOW, true));
    assertThat(drain("-10")).isEqualTo(new Pod.Drain.ByOperator(NOW, false));
  }

  private static Pod.Drain drain(String cost) {
    return see(
            "annotations: {berth.dev/drain: 'true', berth.dev/drain-started: '%s',".formatted(NOW)
                + " controller.kubernetes.io/pod-deletion-cost: '%s'}".formatted(cost),
            READY,
            REFUSED)
        .marks()
        .drain();
  }

  @Test
  void theTemplateIsTheHashOfItsReplicaSetOrRevision() {
    assertThat(see("labels: {pod-template-hash: abc}", READY, REFUSED).template()).isEqualTo("abc");
    assertThat(see("labels: {controller-revision-hash: r1}", READY, REFUSED).template())
        .isEqualTo("r1");
    assertThat(see("labels: {rollouts-pod-template-hash: abc}", READY, REFUSED).template())
        .isEqualTo("abc");
  }

  @Test
  void aPodThatIsDeletedOrDoneIsLeaving() {
    assertThat(PodSight.leaving(pod("deletionTimestamp: '2026-01-01T00:00:00Z'", READY))).isTrue();
    var done = pod("", READY);
    done.getStatus().setPhase("Failed");
    assertThat(PodSight.leaving(done)).isTrue();
    assertThat(PodSight.leaving(pod("", READY))).isFalse();
  }

  @Test
  void metricsAreAskedAtThePodsAddress() {
    assertThat(new PodSight(pod("", READY), spec("metrics: {path: /m}"), NOW).metrics())
        .contains(new Endpoint("10.1.2.3", 9090, "/m"));
  }

  @Test
  void aDrainThatBeganByAClockAheadBeganNow() {
    for (String started : List.of("2026-01-01T00:11:00Z", "2026-01-01T00:10:00Z")) {
      assertThat(
              PodSight.marks(
                      pod(
                          "annotations: {berth.dev/drain: 'true', berth.dev/drain-started: '%s'}"
                              .formatted(started),
                          READY),
                      NOW)
                  .drainingSince())
          .hasValue(NOW);
    }
  }
}
