package dev.berth.operator.command;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.RootCause;
import dev.berth.operator.policy.NewerPolicies;
import dev.berth.operator.reconcile.Loop;
import dev.berth.operator.reconcile.SteadyClock;
import dev.berth.server.Server;
import dev.berth.server.connection.Timeouts;
import dev.berth.server.limit.ConnectionLimit;
import dev.berth.server.metrics.Exposition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.OperatorException;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code berth-operator run}: governs workloads in a cluster until SIGTERM or SIGINT, and exits
 * with 0; with 1 when its lease is lost to another, or policies can be watched no more.
 */
@Command(
    name = "run",
    description = "Governs the workloads that the ConnectionPolicies of a cluster name.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    usageHelpAutoWidth = true)
final class RunCommand implements Callable<Integer> {
  private static final org.slf4j.Logger LOG = org.slf4j.LoggerFactory.getLogger(RunCommand.class);
  private static final int ADMIN_CONNECTIONS = 256;
  private static final Duration SHORTEST_INTERVAL = Duration.ofMillis(100);
  private static final int REQUEST_MILLIS = 10_000;

  /** Libraries that tell at length what is told in a line here. */
  private static final List<Logger> QUIET =
      List.of(
          Logger.getLogger("io.javaoperatorsdk"),
          Logger.getLogger("Default ConfigurationService implementation"),
          Logger.getLogger("io.fabric8"));

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--namespaces",
      split = ",",
      paramLabel = "NAMESPACE",
      description = "the namespaces to govern, comma-separated; default: all")
  private List<String> namespaces = List.of();

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "from one round of a policy to the next; default ${DEFAULT-VALUE}")
  private Duration interval = Duration.ZERO;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      defaultValue = "0.0.0.0:8080",
      description = "where /livez, /readyz and /metrics are; default ${DEFAULT-VALUE}")
  private InetSocketAddress listen = new InetSocketAddress(0);

  @Option(
      names = "--leader-election",
      paramLabel = "true|false",
      arity = "1",
      defaultValue = "true",
      description = "whether only the holder of a lease governs; default ${DEFAULT-VALUE}")
  private boolean leaderElection;

  @Option(
      names = "--lease-namespace",
      paramLabel = "NAMESPACE",
      defaultValue = "${env:POD_NAMESPACE:-}",
      description = "the namespace of the lease; default: the pod's, POD_NAMESPACE")
  private String leaseNamespace = "";

  @Option(
      names = "--lease-name",
      paramLabel = "NAME",
      defaultValue = "berth-operator",
      description =
          "the name of the lease, which the replicas of one operator share, and no other operator;"
              + " default ${DEFAULT-VALUE}")
  private String leaseName = "";

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      defaultValue = "${env:POD_NAME:-}",
      description =
          "who holds the lease and reports events, as nobody else is called; default: the pod's name,"
              + " POD_NAME, or the host's with a part of its own")
  private String identity = "";

  @Override
  public Integer call() throws IOException {
    Loop.Settings settings = settings();
    QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    var end = new CompletableFuture<Integer>();
    var ended = new CompletableFuture<Void>();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().unstarted(() -> terminated(end, ended)));
    try {
      return govern(settings, end);
    } finally {
      // where it failed, the exit that follows isn't one that a signal led to
      end.complete(ExitCode.SOFTWARE);
      ended.complete(null);
    }
  }

  private int govern(Loop.Settings settings, CompletableFuture<Integer> end) throws IOException {
    try (Exposition exposition = new Exposition();
        KubernetesClient client = client();
        Loop loop =
            new Loop(
                settings,
                client,
                new PolicyMetrics(exposition.registry()),
                new LoopMetrics(exposition.registry()),
                new SteadyClock(InstantSource.system(), System::nanoTime),
                () -> end.complete(ExitCode.SOFTWARE))) {
      Gauge.builder("berth_operator_leader", loop, each -> each.leading() ? 1 : 0)
          .description("1 while this operator governs, 0 while it stands by")
          .register(exposition.registry());
      Server admin =
          Server.builder()
              .listen(listen)
              .handler(OperatorPaths.of(loop, exposition))
              .limit(ConnectionLimit.of(ADMIN_CONNECTIONS))
              .timeouts(Timeouts.DEFAULT.withDrain(Duration.ZERO, Duration.ZERO))
              .start();
      try {
        LOG.info(
            "Governing {} of {}, each {} ms; health and metrics on {}",
            settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces(),
            client.getMasterUrl(),
            interval.toMillis(),
            admin.address());
        loop.start(end);
        int status = end.join();
        LOG.info("Ending");
        return status;
      } catch (KubernetesClientException | OperatorException failure) {
        throw new IOException(cause(failure), failure);
      } finally {
        admin.stop();
      }
    }
  }

  /** In a shutdown hook; with a halt where a signal led to it, which would make the status 143. */
  private static void terminated(CompletableFuture<Integer> end, CompletableFuture<Void> ended) {
    if (end.complete(ExitCode.OK)) {
      ended.join();
      Runtime.getRuntime().halt(ExitCode.OK);
    }
  }

  static KubernetesClient client() {
    Config config =
        new ConfigBuilder()
            .withRequestTimeout(REQUEST_MILLIS)
            .withConnectionTimeout(REQUEST_MILLIS)
            // A round that fails is decided anew: a decision of before must not be retried.
            .withRequestRetryBackoffLimit(0)
            .build();
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .withKubernetesSerialization(new KubernetesSerialization(json(), true))
        .build();
  }

  /**
   * Reads and writes JSON without a table of names, since each pod has names of its own in its
   * managedFields, and with buffers that rounds lend each other rather than keep while they wait.
   * The resource's definition may be newer than this operator, which then knows less of a policy.
   */
  private static ObjectMapper json() {
    return new ObjectMapper(
            JsonFactory.builder()
                .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                .build())
        .registerModule(new NewerPolicies())
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
  }

  Loop.Settings settings() {
    for (String namespace : namespaces) {
      check(
          namespace.matches("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?"),
          "--namespaces names '%s', which is no namespace's name".formatted(namespace));
    }
    check(
        interval.compareTo(SHORTEST_INTERVAL) >= 0,
        "--interval is %d ms; it must be at least %d ms"
            .formatted(interval.toMillis(), SHORTEST_INTERVAL.toMillis()));
    check(
        !leaderElection || !leaseNamespace.isEmpty(),
        "the lease has no namespace: set --lease-namespace, or --leader-election=false for a"
            + " single operator outside a cluster");
    check(
        leaseName.matches("[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?"),
        "--lease-name is '%s', which is no object's name".formatted(leaseName));
    return new Loop.Settings(
        Set.copyOf(namespaces),
        interval,
        leaderElection ? Optional.of(new Loop.Lock(leaseNamespace, leaseName)) : Optional.empty(),
        identity.isEmpty() ? ownName() : identity);
  }

  /** Two operators of one name would each take the other's lease for its own. */
  private static String ownName() {
    String part = UUID.randomUUID().toString();
    try {
      return InetAddress.getLocalHost().getHostName() + "_" + part;
    } catch (UnknownHostException nameless) {
      return "berth-operator_" + part;
    }
  }

  private void check(boolean right, String sentence) {
    if (!right) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }

  private static String cause(Throwable failure) {
    return "the cluster can't be governed: " + RootCause.of(failure);
  }
}
