package dev.berth.benchmarks.scale;

import dev.berth.benchmarks.peer.ServerProcess;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * etcd and kube-apiserver, alone: objects are kept, checked and watched as in any cluster, and
 * nobody acts on them. It is reached on the loopback, by a token, without a look at its
 * certificate.
 */
final class ApiServer implements AutoCloseable {
  private static final String TOKEN = "scale";
  private static final int PATIENCE_SECONDS = 60;

  private final List<Process> processes;
  private final URI address;
  private final Path kubeconfig;
  private final HttpClient client;

  private ApiServer(List<Process> processes, URI address, Path kubeconfig, HttpClient client) {
    this.processes = processes;
    this.address = address;
    this.kubeconfig = kubeconfig;
    this.client = client;
  }

  /**
   * Starts both, and waits until they are ready.
   *
   * @param programs the folder that has them; empty: wherever PATH has them
   * @param folder for their data and logs
   */
  static ApiServer start(String programs, Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    String etcd = "http://127.0.0.1:" + ServerProcess.freePort();
    String peers = "http://127.0.0.1:" + ServerProcess.freePort();
    int port = ServerProcess.freePort();
    Path key = Files.writeString(folder.resolve("accounts.key"), key());
    Path tokens =
        Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",scale,scale,system:masters\n");
    Process store =
        start(
            folder.resolve("etcd.log"),
            program(programs, "etcd"),
            "--data-dir=" + folder.resolve("etcd"),
            "--unsafe-no-fsync",
            "--log-level=warn",
            "--listen-client-urls=" + etcd,
            "--advertise-client-urls=" + etcd,
            "--listen-peer-urls=" + peers);
    Process api =
        start(
            folder.resolve("apiserver.log"),
            program(programs, "kube-apiserver"),
            "--etcd-servers=" + etcd,
            "--bind-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + folder.resolve("certificates"),
            "--token-auth-file=" + tokens,
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + key,
            "--service-account-signing-key-file=" + key,
            "--service-cluster-ip-range=10.96.0.0/16",
            "--disable-admission-plugins=ServiceAccount");
    URI address = URI.create("https://127.0.0.1:" + port);
    Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), kubeconfig(address));
    var server = new ApiServer(List.of(api, store), address, kubeconfig, client());
    server.awaitReady(folder);
    return server;
  }

  private static String program(String folder, String name) {
    return folder.isEmpty() ? name : Path.of(folder, name).toString();
  }

  private static Process start(Path log, String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException missing) {
      throw new IOException(
          "%s can't be started; --kubernetes names the folder that has etcd and kube-apiserver: %s"
              .formatted(command[0], missing.getMessage()),
          missing);
    }
  }

  private void awaitReady(Path folder) throws IOException, InterruptedException {
    for (int look = 0; look < 10 * PATIENCE_SECONDS; look++) {
      try {
        if (send("GET", "/readyz", "", "").statusCode() == 200) {
          return;
        }
      } catch (IOException notYet) {
        if (!processes.stream().allMatch(Process::isAlive)) {
          break;
        }
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    close();
    throw new IOException(
        "the API server isn't ready after %d s; its logs are in %s"
            .formatted(PATIENCE_SECONDS, folder));
  }

  /** Where a kubeconfig is that leads here. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /** The process of the API server, and that of its store. */
  List<Long> pids() {
    return processes.stream().map(Process::pid).toList();
  }

  /** What a path answers. */
  String get(String path) throws IOException, InterruptedException {
    return checked(send("GET", path, "", ""), path);
  }

  void create(String path, String json) throws IOException, InterruptedException {
    checked(send("POST", path, "application/json", json), path);
  }

  void patch(String path, String json) throws IOException, InterruptedException {
    checked(send("PATCH", path, "application/merge-patch+json", json), path);
  }

  void createYaml(String path, String yaml) throws IOException, InterruptedException {
    checked(send("POST", path, "application/yaml", yaml), path);
  }

  private HttpResponse<String> send(String method, String path, String type, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(address.resolve(path))
            .header("Authorization", "Bearer " + TOKEN)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!type.isEmpty()) {
      request.header("Content-Type", type);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String checked(HttpResponse<String> answer, String path) throws IOException {
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("%s: %d %s".formatted(path, answer.statusCode(), answer.body()));
    }
    return answer.body();
  }

  private static String kubeconfig(URI address) {
    return """
    apiVersion: v1
    kind: Config
    current-context: scale
    contexts: [{name: scale, context: {cluster: scale, user: scale}}]
    clusters: [{name: scale, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
    users: [{name: scale, user: {token: %s}}]
    """
        .formatted(address, TOKEN);
  }

  /** A key for the tokens of service accounts, which the API server insists on. */
  private static String key() throws GeneralSecurityException {
    var keys = KeyPairGenerator.getInstance("RSA");
    keys.initialize(2048);
    byte[] encoded = keys.generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
        .formatted(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded));
  }

  private static HttpClient client() throws GeneralSecurityException {
    SSLContext anyone = SSLContext.getInstance("TLS");
    anyone.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
    return HttpClient.newBuilder().sslContext(anyone).version(HttpClient.Version.HTTP_2).build();
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.destroy();
      process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
      process.destroyForcibly().onExit().join();
    }
  }

  /** Trusts the certificate that the API server has made for itself. */
  private static final class Anyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
