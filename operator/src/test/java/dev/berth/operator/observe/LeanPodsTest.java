package dev.berth.operator.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.berth.operator.policy.ConnectionPolicySpec;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LeanPodsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static final Scrape.Outcome SILENT = new Scrape.Failed("no answer");

  private final LeanPods pods = new LeanPods();

  private static Pod pod(int number) {
    return Serialization.unmarshal(
        """
        metadata:
          name: %s
          namespace: shop
          uid: %1$s
          resourceVersion: "7"
          creationTimestamp: "2025-12-31T23:59:00Z"
          labels: {app: chat, pod-template-hash: abc}
          annotations: {berth.dev/limit: "840", berth.dev/generation: "2", note: long}
          ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: chat-abc, uid: u, controller: true}]
        spec:
          nodeName: node
          containers:
            - name: server
              image: server:1
              env: [{name: A, value: b}]
              ports: [{name: admin, containerPort: 9090}]
              resources: {limits: {memory: 128Mi, cpu: "1"}}
        status:
          phase: Running
          podIP: 10.0.0.%1$s
          conditions: [{type: Initialized, status: "True"}, {type: Ready, status: "True", lastTransitionTime: "2026-01-01T00:00:0%1$sZ"}]
          containerStatuses:
            - name: server
              ready: true
              restartCount: 1
              image: server:1
              containerID: containerd://%1$s
              state: {running: {startedAt: "2026-01-01T00:00:0%1$sZ"}}
              lastState: {terminated: {reason: OOMKilled, exitCode: 137, finishedAt: "2025-12-31T23:59:59Z"}}
        """
            .formatted(number),
        Pod.class);
  }

  private static PodSight sight(Pod pod) {
    return new PodSight(
        pod, Serialization.unmarshal("minReplicas: 1", ConnectionPolicySpec.class), NOW);
  }

  @Test
  void aLeanPodIsSeenAsTheWholeOneIs() {
    Pod lean = pod(1);

    pods.trim(lean);

    assertThat(sight(lean).pod(SILENT)).isEqualTo(sight(pod(1)).pod(SILENT));
    assertThat(sight(lean).unmeasured("")).isEqualTo(sight(pod(1)).unmeasured(""));
    assertThat(lean.getStatus().getPodIP()).isEqualTo("10.0.0.1");
  }

  @Test
  void aLeanPodThatWasNeverReadyIsStillKnownAsOne() {
    Pod lean = neverReady();

    pods.trim(lean);

    assertThat(sight(lean).pod(SILENT)).isEqualTo(sight(neverReady()).pod(SILENT));
    assertThat(new Inside(lean).neverReady()).isTrue();
  }

  private static Pod neverReady() {
    Pod pod = pod(1);
    pod.getStatus().setStartTime("2026-01-01T00:00:01Z");
    pod.getStatus().getConditions().forEach(each -> each.setStatus("False"));
    return pod;
  }

  @Test
  void podsOfOneTemplateShareWhatTheyHaveAlike() {
    Pod one = pod(1);
    Pod two = pod(2);

    pods.trim(one);
    pods.trim(two);

    assertThat(two.getSpec()).isSameAs(one.getSpec());
    assertThat(two.getMetadata().getLabels()).isSameAs(one.getMetadata().getLabels());
    assertThat(two.getStatus().getConditions()).isSameAs(one.getStatus().getConditions());
    assertThat(two.getStatus().getContainerStatuses())
        .isSameAs(one.getStatus().getContainerStatuses());
  }

  @Test
  void ofOwnersTheControllerStays() {
    Pod lean = pod(1);
    lean.getMetadata()
        .getOwnerReferences()
        .add(new OwnerReferenceBuilder().withKind("Backup").withName("b").build());

    pods.trim(lean);

    assertThat(lean.getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(owner -> {
          assertThat(owner.getApiVersion()).isEqualTo("apps/v1");
          assertThat(owner.getKind()).isEqualTo("ReplicaSet");
          assertThat(owner.getName()).isEqualTo("chat-abc");
          assertThat(owner.getController()).isTrue();
        });
  }

  @Test
  void ofAnnotationsThoseThatAreReadStay() {
    Pod lean = pod(1);

    pods.trim(lean);

    assertThat(lean.getMetadata().getAnnotations())
        .containsOnlyKeys("berth.dev/limit", "berth.dev/generation");
  }
}
