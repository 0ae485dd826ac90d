package dev.berth.operator.reconcile;

import dev.berth.operator.apply.ApiWrites;
import dev.berth.operator.apply.Events;
import dev.berth.operator.apply.Execution;
import dev.berth.operator.apply.PodMarks;
import dev.berth.operator.apply.StatusQueue;
import dev.berth.operator.apply.StatusWrite;
import dev.berth.operator.metrics.LoopMetrics;
import dev.berth.operator.metrics.PolicyMetrics;
import dev.berth.operator.observe.Cluster;
import dev.berth.operator.observe.MarkedPods;
import dev.berth.operator.observe.Observer;
import dev.berth.operator.observe.RootCause;
import dev.berth.operator.observe.Scrape;
import dev.berth.operator.observe.Targets;
import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RegisteredController;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole operator over one cluster: watches from its start, rounds while it leads.
 *
 * <pre>
 *             lease taken                     lease lost
 *  standing by ─────────► leading: rounds, ─────────────► {@code onLost}: the process is to end
 *  (watches only)         leftovers         close: release, so that the next one leads at once
 * </pre>
 */
public final class Loop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(2);
  private static final Duration LEFTOVERS = Duration.ofSeconds(5);
  private static final Duration LONGEST_WAIT_FOR_POLICIES = Duration.ofMinutes(1);
  private static final Duration BETWEEN_ASKING = Duration.ofMillis(500);
  // Too Many Requests (RFC 6585, section 4), Service Unavailable (RFC 9110, section 15.6.4)
  private static final Set<Integer> NOT_YET = Set.of(429, 503);
  private static final Duration LAST_ROUNDS = Duration.ofSeconds(2);
  private static final Duration LAST_STATUSES = Duration.ofSeconds(2);
  private static final Duration LAST_EVENTS = Duration.ofSeconds(2);
  private static final Duration LAST_ANSWERS = Duration.ofSeconds(5);

  private final Settings settings;
  private final KubernetesClient client;
  private final InstantSource clock;
  private final Cluster cluster;
  private final Scrape scrape = new Scrape();
  private final Pulse pulse;
  private final ApiWrites api;
  private final StatusQueue statuses;
  private final Events events;
  private final Leftovers leftovers;
  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("leftovers").factory());
  private final Operator operator;
  private final RegisteredController<ConnectionPolicy> policies;
  private volatile boolean leading;
  private volatile boolean started;
  private volatile boolean closing;
  private volatile boolean lost;

  /**
   * What a loop is told.
   *
   * @param namespaces the namespaces governed; none: all
   * @param interval from the beginning of one round of a policy to that of the next
   * @param lock what says who leads; absent: leads without one
   * @param identity who holds the lock, and reports events
   */
  public record Settings(
      Set<String> namespaces, Duration interval, Optional<Lock> lock, String identity) {
    public Settings {
      namespaces = Set.copyOf(namespaces);
    }
  }

  /** The Lease that the replicas of one operator share, and no other operator. */
  public record Lock(String namespace, String name) {}

  /**
   * A loop, to be started.
   *
   * @param client stays the caller's to close
   * @param onLost runs when the lease is lost to another, or the watch of policies has ended
   */
  public Loop(
      Settings settings,
      KubernetesClient client,
      PolicyMetrics metrics,
      LoopMetrics loop,
      InstantSource clock,
      Runnable onLost) {
    this.settings = settings;
    this.client = client;
    this.clock = clock;
    this.pulse = new Pulse(clock.instant());
    this.cluster = new Cluster(client, settings.namespaces());
    var targets = new Targets(cluster);
    var memory = new Memory();
    this.api = new ApiWrites(client, () -> !lost);
    var marks = new PodMarks(client, api, cluster);
    var cadence = new Cadence(settings.interval());
    this.events = new Events(client, api, settings.identity());
    this.statuses = new StatusQueue(new StatusWrite(api), clock, loop::status);
    loop.statuses(statuses::waiting);
    this.leftovers =
        new Leftovers(
            cluster,
            new MarkedPods(cluster, targets),
            marks,
            memory,
            cadence,
            events,
            statuses,
            metrics);
    this.operator = new Operator(options -> configure(options, onLost));
    this.policies =
        operator.register(
            new PolicyReconciler(
                new Observer(cluster, targets, scrape),
                new Execution(client, api, marks, targets, clock),
                statuses,
                events,
                metrics,
                memory,
                pulse,
                loop,
                cadence,
                clock),
            this::configure);
    cluster.watching().forEach(loop::watch);
    loop.watch(HasMetadata.getKind(ConnectionPolicy.class), this::watchingPolicies);
  }

  /** What watches policies has sources of events from its start on. */
  private boolean watchingPolicies() {
    return started && policies.getControllerHealthInfo().unhealthyEventSources().isEmpty();
  }

  private void configure(ConfigurationServiceOverrider options, Runnable onLost) {
    options
        .withKubernetesClient(client)
        .withCloseClientOnStop(false)
        // Nobody here changes a policy, so none needs a copy of its own each second
        .withResourceCloner(new Original())
        .withExecutorService(Executors.newVirtualThreadPerTaskExecutor())
        .withReconciliationTerminationTimeout(LAST_ROUNDS)
        .withInformerStoppedHandler((watch, failure) ->
            Optional.ofNullable(failure).ifPresent(why -> stopped(why, onLost)));
    settings
        .lock()
        .ifPresent(lock -> options.withLeaderElectionConfiguration(election(lock, onLost)));
  }

  private void configure(ControllerConfigurationOverrider<ConnectionPolicy> options) {
    options
        .withName("connectionpolicy")
        .withItemStore(Cluster.policyStore())
        .withRetry(
            new GenericRetry()
                .setInitialInterval(Duration.ofSeconds(1))
                .setIntervalMultiplier(1.5)
                .setMaxInterval(LONGEST_PAUSE.toMillis())
                .withoutMaxAttempts());
    if (settings.namespaces().isEmpty()) {
      options.watchingAllNamespaces();
    } else {
      options.settingNamespaces(settings.namespaces());
    }
  }

  /** Gives objects out as they are. */
  private static final class Original implements Cloner {
    @Override
    public <R extends HasMetadata> R clone(R object) {
      return object;
    }
  }

  private LeaderElectionConfiguration election(Lock lock, Runnable onLost) {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(lock.name())
        .withLeaseNamespace(lock.namespace())
        .withIdentity(settings.identity())
        .withExitOnStopLeading(false)
        .withLeaderCallbacks(
            new LeaderCallbacks(
                this::lead,
                () -> lost(onLost),
                holder ->
                    LOG.info("The lease is {}", holder.isEmpty() ? "free" : "held by " + holder)))
        .build();
  }

  private void lead() {
    LOG.info("Leading");
    pulse.beat(clock.instant());
    leading = true;
    var _ =
        sweeper.scheduleWithFixedDelay(
            this::sweep, LEFTOVERS.toMillis(), LEFTOVERS.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Looks for what policies left, but not before all of them are known. */
  private void sweep() {
    if (ready()) {
      leftovers.run();
    }
  }

  private void stopped(Throwable why, Runnable onLost) {
    if (!closing) {
      LOG.error("Policies are watched no more: {}", String.valueOf(RootCause.of(why)));
      onLost.run();
    }
  }

  private void lost(Runnable onLost) {
    leading = false;
    if (!closing) {
      lost = true;
      LOG.warn("The lease is lost");
      onLost.run();
    }
  }

  /**
   * Starts, and returns when everything was listed once; or, without having started, when {@code
   * end} comes while policies aren't served yet.
   */
  public void start(Future<?> end) {
    if (!policiesServedBefore(end)) {
      return;
    }
    cluster.start();
    operator.start();
    started = true;
    if (settings.lock().isEmpty()) {
      LOG.info("Leading without a lease");
      lead();
    }
  }

  /**
   * Waits while the API server says that it can't serve policies yet, as it does for a moment after
   * their definition was made. Returns whether it does.
   */
  private boolean policiesServedBefore(Future<?> end) {
    Instant patience = clock.instant().plus(LONGEST_WAIT_FOR_POLICIES);
    while (!end.isDone()) {
      try {
        cluster.askForPolicies();
        return true;
      } catch (KubernetesClientException refused) {
        if (!NOT_YET.contains(refused.getCode()) || clock.instant().isAfter(patience)) {
          throw refused;
        }
        LOG.info("Policies are not served yet: {}", refused.getMessage());
      }
      LockSupport.parkNanos(BETWEEN_ASKING.toNanos());
    }
    return false;
  }

  /** Whether everything was listed once: true of a leader and of one that stands by. */
  public boolean ready() {
    return started && cluster.synced();
  }

  /** Whether this one leads. */
  public boolean leading() {
    return leading;
  }

  /** Whether rounds go on, where there are any to go on. */
  public boolean alive() {
    return !leading
        || cluster.policies().findAny().isEmpty()
        || pulse.since(clock.instant()).compareTo(LONGEST_SILENCE.plus(settings.interval())) < 0;
  }

  /**
   * Ends the rounds that are under way, writes what they told, and gives the lease back once all
   * writes have their answers: one that reached the API server later would fall to the next leader.
   */
  @Override
  public void close() {
    closing = true;
    sweeper.shutdownNow();
    boolean led = leading;
    boolean holding = led && settings.lock().isPresent();
    operator.stop();
    if (led) {
      statuses.close(LAST_STATUSES);
      events.close(LAST_EVENTS);
    }
    if (holding && api.close(LAST_ANSWERS)) {
      settings.lock().ifPresent(this::giveBack);
    } else if (holding) {
      LOG.warn("The lease is not given back, and will run out: a write has no answer yet");
    }
    statuses.close();
    events.close();
    cluster.close();
    scrape.close();
  }

  /** Lets the next one lead at once, rather than when the lease has run out. */
  private void giveBack(Lock lock) {
    var lease = client.resources(Lease.class).inNamespace(lock.namespace()).withName(lock.name());
    try {
      Optional.ofNullable(lease.get())
          .filter(each -> settings.identity().equals(each.getSpec().getHolderIdentity()))
          .ifPresent(held ->
              // With its version: somebody else's by now, it is left alone.
              lease.patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  "{\"metadata\":{\"resourceVersion\":\"%s\"},\"spec\":{\"holderIdentity\":\"\"}}"
                      .formatted(held.getMetadata().getResourceVersion())));
    } catch (KubernetesClientException refused) {
      LOG.warn("The lease is not given back, and will run out: {}", refused.getMessage());
    }
  }
}
