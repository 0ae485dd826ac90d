package dev.berth.benchmarks.scale;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;

/**
 * Policies, their Deployments, ReplicaSets and pods, as objects of an API server and nothing else.
 * Each pod has an address of its own in 127.0.0.0/8, and says that it is ready.
 */
final class Population {
  private static final int AT_ONCE = 24;
  private static final int POLICIES_OF_A_NAMESPACE = 20;

  private final ApiServer server;
  private final int port;
  private final boolean governed;

  /**
   * A population of {@code server}.
   *
   * @param port where the pods tell their metrics
   * @param governed whether pods have their limits from an operator of before
   */
  Population(ApiServer server, int port, boolean governed) {
    this.server = server;
    this.port = port;
    this.governed = governed;
  }

  /** Adds the policies from one number to another, that one not included. */
  void add(int from, int to, int pods) throws IOException, InterruptedException {
    for (int namespace :
        IntStream.range(from, to).map(Population::namespace).distinct().toArray()) {
      if (namespace * POLICIES_OF_A_NAMESPACE >= from) {
        server.create(
            "/api/v1/namespaces", "{\"metadata\":{\"name\":\"%s\"}}".formatted(name(namespace)));
      }
    }
    var free = new Semaphore(AT_ONCE);
    var all = new ArrayList<Future<Void>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int policy = from; policy < to; policy++) {
        int number = policy;
        Callable<Void> work =
            () -> {
              free.acquire();
              try {
                one(number, pods);
              } finally {
                free.release();
              }
              return null;
            };
        all.add(threads.submit(work));
      }
    }
    for (Future<Void> each : all) {
      try {
        each.get();
      } catch (ExecutionException failure) {
        throw new IOException("the population can't be made: " + failure.getCause(), failure);
      }
    }
  }

  private static int namespace(int policy) {
    return policy / POLICIES_OF_A_NAMESPACE;
  }

  private static String name(int namespace) {
    return "team-%03d".formatted(namespace);
  }

  private void one(int policy, int pods) throws IOException, InterruptedException {
    String namespace = name(namespace(policy));
    String name = "app-%04d".formatted(policy);
    String labels = "{\"app.kubernetes.io/name\":\"%s\"}".formatted(name);
    String apps = "/apis/apps/v1/namespaces/%s/".formatted(namespace);
    String workload =
        """
        {"metadata":{"name":"%s","labels":%s%s},"spec":{"replicas":%d,"selector":{"matchLabels":%s},"template":%s}}
        """;
    String template = "{\"metadata\":{\"labels\":%s},\"spec\":%s}".formatted(labels, spec(""));
    server.create(
        apps + "deployments", workload.formatted(name, labels, "", pods, labels, template));
    String owner =
        """
        ,"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"%s","uid":"00000000-0000-4000-9000-%012d","controller":true}]
        """
            .formatted(name, policy);
    server.create(
        apps + "replicasets",
        workload.formatted(name + "-7d4b9c6f58", labels, owner, pods, labels, template));
    String status =
        """
        {"status":{"observedGeneration":1,"replicas":%1$d,"updatedReplicas":%1$d,"readyReplicas":%1$d,"availableReplicas":%1$d}}
        """
            .formatted(pods);
    server.patch(apps + "deployments/" + name + "/status", status);
    for (int pod = 0; pod < pods; pod++) {
      pod(namespace, name, policy * pods + pod);
    }
    server.create(
        "/apis/berth.dev/v1alpha1/namespaces/%s/connectionpolicies".formatted(namespace),
        """
        {"apiVersion":"berth.dev/v1alpha1","kind":"ConnectionPolicy","metadata":{"name":"%1$s"},"spec":{
          "scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"%1$s"},"minReplicas":2,"maxReplicas":20,
          "connections":{"minLimit":100,"maxLimit":%2$d},"metrics":{"port":%3$d}}}
        """
            .formatted(name, StandIns.LIMIT, port));
  }

  private void pod(String namespace, String app, int number)
      throws IOException, InterruptedException {
    String name = "%s-7d4b9c6f58-%05d".formatted(app, number);
    String pods = "/api/v1/namespaces/%s/pods".formatted(namespace);
    server.create(
        pods,
        """
        {"metadata":{"name":"%s","labels":{"app.kubernetes.io/name":"%s","app.kubernetes.io/part-of":"shop","pod-template-hash":"7d4b9c6f58"},
          "annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"%d"%s},
          "ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"%s-7d4b9c6f58","uid":"%s","controller":true,"blockOwnerDeletion":true}]},
         "spec":%s}
        """
            .formatted(
                name,
                app,
                port,
                governed
                    ? ",\"berth.dev/limit\":\"%d\",\"berth.dev/generation\":\"1\",\"berth.dev/leave-when-full\":\"true\""
                        .formatted(StandIns.LIMIT)
                    : "",
                app,
                "00000000-0000-4000-8000-%012d".formatted(number),
                spec("stand-in")));
    server.patch(pods + "/" + name + "/status", status(address(number)));
  }

  /** The address of a pod: none ends in 0 or 255. */
  static String address(int number) {
    return "127.%d.%d.%d".formatted(1 + number / 62_500, number / 250 % 250, 1 + number % 250);
  }

  private String spec(String node) {
    return """
    {%s"automountServiceAccountToken":false,"terminationGracePeriodSeconds":35,"containers":[{"name":"server","image":"registry.example/shop/server:1.2.3",
      "args":["--listen=0.0.0.0:8080","--admin=0.0.0.0:9090","--limit=auto","--limit-file=/etc/berth/annotations"],
      "env":[{"name":"POD_NAME","valueFrom":{"fieldRef":{"fieldPath":"metadata.name"}}},{"name":"REGION","value":"eu-1"}],
      "ports":[{"name":"http","containerPort":8080},{"name":"admin","containerPort":%d}],
      "startupProbe":{"httpGet":{"path":"/livez","port":"admin"},"periodSeconds":1,"timeoutSeconds":2,"failureThreshold":60},
      "livenessProbe":{"httpGet":{"path":"/livez","port":"admin"},"periodSeconds":10,"timeoutSeconds":5},
      "readinessProbe":{"httpGet":{"path":"/readyz","port":"admin"},"periodSeconds":1,"timeoutSeconds":1,"failureThreshold":1},
      "resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"128Mi"}},
      "securityContext":{"allowPrivilegeEscalation":false,"readOnlyRootFilesystem":true,"capabilities":{"drop":["ALL"]}},
      "volumeMounts":[{"name":"annotations","mountPath":"/etc/berth","readOnly":true},{"name":"tmp","mountPath":"/tmp"}]}],
     "volumes":[{"name":"annotations","downwardAPI":{"items":[{"path":"annotations","fieldRef":{"fieldPath":"metadata.annotations"}}]}},
      {"name":"tmp","emptyDir":{"sizeLimit":"64Mi"}}]}
    """
        .formatted(node.isEmpty() ? "" : "\"nodeName\":\"" + node + "\",", port);
  }

  private static String status(String address) {
    String since = "\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"";
    List<String> types =
        List.of(
            "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled");
    String conditions =
        String.join(
            ",",
            types.stream()
                .map(type -> "{\"type\":\"%s\",\"status\":\"True\",%s}".formatted(type, since))
                .toList());
    return """
    {"status":{"phase":"Running","podIP":"%1$s","podIPs":[{"ip":"%1$s"}],"hostIP":"192.0.2.1","startTime":"2026-01-01T00:00:00Z",
      "qosClass":"Burstable","conditions":[%2$s],"containerStatuses":[{"name":"server","ready":true,"started":true,"restartCount":0,
      "image":"registry.example/shop/server:1.2.3","imageID":"registry.example/shop/server@sha256:%3$s","containerID":"containerd://%3$s",
      "state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"resources":{"limits":{"memory":"128Mi"},"requests":{"cpu":"100m","memory":"128Mi"}}}]}}
    """
        .formatted(address, conditions, "0123456789abcdef".repeat(4));
  }
}
