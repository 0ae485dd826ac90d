package dev.berth.operator.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.berth.operator.decide.Decision.Event;
import dev.berth.operator.decide.Spelling;
import dev.berth.operator.policy.ConnectionPolicy;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.events.v1.EventBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells on a policy what changed, as Kubernetes events (events.k8s.io/v1). One told again within 6
 * minutes counts up; of one reason there are {@value Telling#BURST} at once, and then one each 30
 * seconds. No round waits for an event: those of one policy are written one after the other, and
 * one that can't be written, or finds no room among those that wait, is lost.
 *
 * <p>Safe for any number of threads; those of one policy come one at a time.
 */
public final class Events implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Events.class);
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);
  private static final int LONGEST_NOTE = 900;
  // A DNS subdomain name (RFC 1123), as Kubernetes checks it
  private static final int LONGEST_NAME = 253;

  private static final int AT_ONCE = 8;
  private static final int MOST_WAITING = 500;

  private final KubernetesClient client;
  private final ApiWrites api;
  private final String instance;
  // a policy's events are all of one of them, by its uid
  private final List<ThreadPoolExecutor> writers =
      Stream.generate(Events::writer).limit(AT_ONCE).toList();
  private final AtomicLong sequence = new AtomicLong();
  private final ConcurrentMap<Key, Telling> told = new ConcurrentHashMap<>();

  /**
   * Events written with {@code client}, and counted with {@code api}.
   *
   * @param instance the operator's own pod, or host
   */
  public Events(KubernetesClient client, ApiWrites api, String instance) {
    this.client = client;
    this.api = api;
    this.instance = instance;
  }

  private record Key(String uid, Event.Kind kind) {}

  private static ThreadPoolExecutor writer() {
    return new ThreadPoolExecutor(
        1,
        1,
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(MOST_WAITING),
        Thread.ofVirtual().name("events").factory());
  }

  private ThreadPoolExecutor writer(String uid) {
    return writers.get(Math.floorMod(uid.hashCode(), AT_ONCE));
  }

  /** Tells an event of now, once those told of the policy before are written. */
  public void tell(ConnectionPolicy policy, Event event, Instant now) {
    try {
      writer(policy.getMetadata().getUid()).execute(() -> write(policy, event, now));
    } catch (RejectedExecutionException full) {
      LOG.warn("An event of {} was lost: too many wait", policy.getMetadata().getName());
    }
  }

  private void write(ConnectionPolicy policy, Event event, Instant now) {
    var key = new Key(policy.getMetadata().getUid(), event.kind());
    Telling next = told.getOrDefault(key, Telling.nothing(now)).next(event.message(), now);
    told.put(key, next);
    try {
      switch (next.how()) {
        case NEW -> told.put(key, next.named(create(policy, event, next)));
        case AGAIN -> count(policy, next);
        case HELD_BACK -> LOG.debug("Held back: {} {}", event.kind(), event.message());
      }
    } catch (RuntimeException refused) {
      LOG.warn("An event of {} was lost: {}", policy.getMetadata().getName(), refused.getMessage());
    }
  }

  /** Lets go of what was told of a policy that is gone. */
  public void forget(String uid) {
    try {
      writer(uid).execute(() -> told.keySet().removeIf(key -> key.uid().equals(uid)));
    } catch (RejectedExecutionException full) {
      LOG.debug("What was told of {} is kept", uid);
    }
  }

  /** Writes what waits, as far as it gets within {@code patience}, and takes no more. */
  public void close(Duration patience) {
    writers.forEach(ThreadPoolExecutor::shutdown);
    long end = System.nanoTime() + patience.toNanos();
    try {
      for (ThreadPoolExecutor writer : writers) {
        if (!writer.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          close();
        }
      }
    } catch (InterruptedException ended) {
      close();
      Thread.currentThread().interrupt();
    }
  }

  /** Drops what waits, and takes no more. */
  @Override
  public void close() {
    writers.forEach(ThreadPoolExecutor::shutdownNow);
  }

  private String create(ConnectionPolicy policy, Event event, Telling next) {
    String reason = Spelling.upperCamelCase(event.kind());
    String name = name(policy.getMetadata().getName(), next.at(), sequence.incrementAndGet());
    client
        .events()
        .v1()
        .events()
        .inNamespace(policy.getMetadata().getNamespace())
        .resource(
            new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(policy.getMetadata().getNamespace())
                .endMetadata()
                .withType(event.kind().warning() ? "Warning" : "Normal")
                .withReason(reason)
                .withAction(reason)
                .withNote(shortened(event.message()))
                .withEventTime(time(next.at()))
                .withReportingController(ConnectionPolicy.GROUP + "/operator")
                .withReportingInstance(instance)
                .withNewRegarding()
                .withApiVersion(policy.getApiVersion())
                .withKind(policy.getKind())
                .withNamespace(policy.getMetadata().getNamespace())
                .withName(policy.getMetadata().getName())
                .withUid(policy.getMetadata().getUid())
                .endRegarding()
                .build())
        .create();
    return name;
  }

  /** An event's own name, with as much of the policy's as a name has room for. */
  static String name(String policy, Instant at, long sequence) {
    String own = ".%x%03x".formatted(at.toEpochMilli(), sequence & 0xfff);
    int room = LONGEST_NAME - own.length();
    // A part of a name may not end with a dash or a dot
    String part = policy.length() <= room ? policy : policy.substring(0, room);
    return part.replaceAll("[-.]+$", "") + own;
  }

  private void count(ConnectionPolicy policy, Telling next) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    patch
        .putObject("series")
        .put("count", next.count())
        .put("lastObservedTime", MICROSECONDS.format(next.at()));
    api.send(
        "/apis/events.k8s.io/v1/namespaces/%s/events/%s"
            .formatted(policy.getMetadata().getNamespace(), next.name()),
        patch);
  }

  private static String shortened(String note) {
    return note.length() <= LONGEST_NOTE ? note : note.substring(0, LONGEST_NOTE - 1) + "…";
  }

  private static MicroTime time(Instant at) {
    return new MicroTime(MICROSECONDS.format(at));
  }
}
