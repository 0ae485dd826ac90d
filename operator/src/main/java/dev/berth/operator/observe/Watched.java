package dev.berth.operator.observe;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one kind, kept in memory by a watch; what this process wrote itself shows at once,
 * before the watch tells it.
 *
 * <p>Safe for any number of threads.
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
  private static final long PAGE = 500;

  private final String kind;
  private final AtomicBoolean told = new AtomicBoolean();
  private final List<SharedIndexInformer<T>> informers = new ArrayList<>();
  private final ConcurrentMap<String, T> written = new ConcurrentHashMap<>();
  private final Consumer<T> trim;

  /**
   * Watches what {@code sources} give: one for each namespace, or one for all.
   *
   * @param kind the objects'
   * @param trim takes from an object what nobody here reads
   * @param indexers beside the one by namespace
   */
  Watched(
      String kind,
      Stream<? extends Informable<T>> sources,
      Consumer<T> trim,
      Map<String, Function<T, List<String>>> indexers) {
    this.kind = kind;
    this.trim = trim;
    sources.forEach(source -> informers.add(informer(source, indexers)));
  }

  private SharedIndexInformer<T> informer(
      Informable<T> source, Map<String, Function<T, List<String>>> indexers) {
    return source
        .withLimit(PAGE)
        .runnableInformer(0)
        .itemStore(store(trim))
        .addIndexers(indexers)
        .addEventHandler(new Forgetting())
        .exceptionHandler((started, failure) -> again(failure));
  }

  /** Always, but not silently while nothing is governed for want of it. */
  private boolean again(Throwable failure) {
    if (!synced() && told.compareAndSet(false, true)) {
      LOG.warn(
          "{}s can't be listed, and no policy is governed until they are: {}",
          kind,
          RootCause.of(failure).getMessage());
    }
    return true;
  }

  /** A store that keeps objects without what {@code trim} takes from them. */
  static <T extends HasMetadata> ItemStore<T> store(Consumer<T> trim) {
    return new Trimmed<>(trim);
  }

  void start() {
    informers.forEach(SharedIndexInformer::start);
  }

  boolean synced() {
    return informers.stream().allMatch(SharedIndexInformer::hasSynced);
  }

  String kind() {
    return kind;
  }

  /** Whether what changes is told now. A watch that breaks is begun again and again, silently. */
  boolean watching() {
    return informers.stream().allMatch(SharedIndexInformer::isWatching);
  }

  Optional<T> get(String namespace, String name) {
    String key = Cache.namespaceKeyFunc(namespace, name);
    return informers.stream()
        .map(informer -> Optional.ofNullable(informer.getIndexer().getByKey(key)))
        .flatMap(Optional::stream)
        .findFirst()
        .map(this::newest);
  }

  Stream<T> inNamespace(String namespace) {
    return by(Cache.NAMESPACE_INDEX, namespace);
  }

  Stream<T> by(String index, String value) {
    return informers.stream()
        .flatMap(informer -> informer.getIndexer().byIndex(index, value).stream())
        .map(this::newest);
  }

  /** Takes note of an object as the API server returned it from a write. */
  void wrote(T object) {
    trim.accept(object);
    written.put(object.getMetadata().getUid(), object);
  }

  private T newest(T watched) {
    T own = written.get(watched.getMetadata().getUid());
    if (own == null) {
      return watched;
    }
    if (newer(own, watched)) {
      return own;
    }
    written.remove(watched.getMetadata().getUid(), own);
    return watched;
  }

  private static boolean newer(HasMetadata own, HasMetadata watched) {
    return newer(own.getMetadata().getResourceVersion(), watched);
  }

  /** Whether {@code version} is newer than the object; versions are decimal numbers that grow. */
  static boolean newer(String version, HasMetadata object) {
    return new BigInteger(version)
            .compareTo(new BigInteger(object.getMetadata().getResourceVersion()))
        > 0;
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  /** Keeps objects without what nobody here reads: a pod is some kilobytes less. */
  private static final class Trimmed<T extends HasMetadata> extends BasicItemStore<T> {
    private final Consumer<T> trim;

    Trimmed(Consumer<T> trim) {
      super(Cache::metaNamespaceKeyFunc);
      this.trim = trim;
    }

    @Override
    public T put(String key, T object) {
      object.getMetadata().setManagedFields(List.of());
      trim.accept(object);
      return super.put(key, object);
    }
  }

  /** Lets go of own writes to objects that are gone. */
  private final class Forgetting implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {}

    @Override
    public void onUpdate(T before, T after) {}

    @Override
    public void onDelete(T object, boolean finalStateUnknown) {
      written.remove(object.getMetadata().getUid());
    }
  }
}
