import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * As much of a Kubernetes API server as an operator needs to start and to govern one pod: lists of one object or none, watches
 * that tell nothing, patches that are taken and forgotten; and the pod's metrics too, on the same port.
 */
final class Cluster implements AutoCloseable {
  private static final String WEB_SOCKET = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final String METRICS =
      """
      berth_connections{state="active"} 60
      berth_connections{state="idle"} %d
      berth_connection_limit 800
      berth_connections_rejected_total{reason="limit"} 0
      berth_memory_working_set_bytes 7.1E7
      berth_memory_live_bytes 5.1E7
      berth_memory_limit_bytes 1.34217728E8
      """;

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger scrapes = new AtomicInteger();

  Cluster() throws IOException {
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** How often the pod's metrics were asked for. */
  int scrapes() {
    return scrapes.get();
  }

  /** A kubeconfig that names it. */
  String kubeconfig() {
    return """
        apiVersion: v1
        kind: Config
        current-context: trial
        contexts: [{name: trial, context: {cluster: trial, user: trial}}]
        clusters: [{name: trial, cluster: {server: "http://127.0.0.1:%d"}}]
        users: [{name: trial, user: {token: none}}]
        """
        .formatted(port());
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      var in = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] request = line.split(" ");
        Map<String, String> fields = fields(in);
        String body = body(in, Integer.parseInt(fields.getOrDefault("content-length", "0")));
        if (fields.containsKey("sec-websocket-key")) {
          send(client, "101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
              + accept(fields.get("sec-websocket-key")), "");
          client.getInputStream().readAllBytes();
          return;
        }
        String answer = answer(request[0], request[1], body);
        send(client, "200 OK\r\nContent-Type: application/json\r\nContent-Length: " + answer.length(), answer);
      }
    } catch (IOException | GeneralSecurityException gone) {
      return;
    }
  }

  private static Map<String, String> fields(BufferedReader in) throws IOException {
    var fields = new HashMap<String, String>();
    for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
      fields.put(line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT), line.substring(line.indexOf(':') + 1).strip());
    }
    return fields;
  }

  private static String body(BufferedReader in, int length) throws IOException {
    char[] body = new char[length];
    for (int read = 0; read < length; ) {
      int more = in.read(body, read, length - read);
      if (more < 0) {
        throw new IOException("the body ends early");
      }
      read += more;
    }
    return new String(body);
  }

  private static String accept(String key) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + WEB_SOCKET).getBytes(StandardCharsets.US_ASCII));
    return Base64.getEncoder().encodeToString(hash);
  }

  private static void send(Socket client, String head, String body) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(("HTTP/1.1 " + head + "\r\n\r\n" + body).getBytes(StandardCharsets.ISO_8859_1));
  }

  private String answer(String method, String target, String body) {
    String path = target.split("\\?", 2)[0];
    if (path.equals("/metrics")) {
      return METRICS.formatted(300 + 20 * scrapes.incrementAndGet());
    }
    if (!method.equals("GET")) {
      return method.equals("POST") ? body : object(path.contains("/pods/") ? "Pod" : "ConnectionPolicy", path.contains("/pods/") ? "v1" : "berth.dev/v1alpha1", "");
    }
    return switch (path.substring(path.lastIndexOf('/') + 1)) {
      case "pods" -> list("PodList", "v1", object("Pod", "v1", pod()));
      case "deployments" -> list("DeploymentList", "apps/v1", object("Deployment", "apps/v1", workload()));
      case "replicasets" -> list("ReplicaSetList", "apps/v1", object("ReplicaSet", "apps/v1", workload()));
      case "statefulsets" -> list("StatefulSetList", "apps/v1", "");
      case "horizontalpodautoscalers" -> list("HorizontalPodAutoscalerList", "autoscaling/v2", "");
      case "poddisruptionbudgets" -> list("PodDisruptionBudgetList", "policy/v1", "");
      case "connectionpolicies" ->
          list("ConnectionPolicyList", "berth.dev/v1alpha1", object("ConnectionPolicy", "berth.dev/v1alpha1", policy()));
      default -> object("Status", "v1", "");
    };
  }

  private static String list(String kind, String version, String items) {
    return "{\"kind\":\"%s\",\"apiVersion\":\"%s\",\"metadata\":{\"resourceVersion\":\"7\"},\"items\":[%s]}".formatted(kind, version, items);
  }

  private static String object(String kind, String version, String more) {
    String owner = kind.equals("ReplicaSet") ? "Deployment" : "ReplicaSet";
    return """
        {"kind":"%s","apiVersion":"%s","metadata":{"name":"chat","namespace":"trial","uid":"u-%s","resourceVersion":"5","generation":1,
        "creationTimestamp":"2026-01-01T00:00:00Z","labels":{"app":"chat"},"ownerReferences":[{"apiVersion":"apps/v1","kind":"%s",
        "name":"chat","uid":"u-%s","controller":true}]}%s}"""
        .formatted(kind, version, kind, owner, owner, more);
  }

  private static String workload() {
    return ",\"spec\":{\"replicas\":1,\"selector\":{\"matchLabels\":{\"app\":\"chat\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"chat\"}},%s}},\"status\":{\"observedGeneration\":1,\"replicas\":1,\"updatedReplicas\":1,\"readyReplicas\":1,\"availableReplicas\":1}"
        .formatted(spec());
  }

  private static String spec() {
    return "\"spec\":{\"containers\":[{\"name\":\"server\",\"image\":\"chat\",\"ports\":[{\"name\":\"admin\",\"containerPort\":9090}],\"resources\":{\"limits\":{\"memory\":\"128Mi\"}}}]}";
  }

  private static String pod() {
    return ",%s,\"status\":{\"phase\":\"Running\",\"podIP\":\"127.0.0.1\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}],\"containerStatuses\":[{\"name\":\"server\",\"ready\":true,\"restartCount\":0,\"state\":{\"running\":{\"startedAt\":\"2026-01-01T00:00:00Z\"}}}]}"
        .formatted(spec());
  }

  private String policy() {
    return ",\"spec\":{\"scaleTargetRef\":{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"name\":\"chat\"},\"minReplicas\":1,\"maxReplicas\":4,\"metrics\":{\"port\":%d}}"
        .formatted(port());
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
