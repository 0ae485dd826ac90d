package dev.berth.operator.reconcile;

import dev.berth.operator.policy.ConnectionPolicy;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Policies as the framework's watch would keep them. */
final class KnownPolicies implements IndexerResourceCache<ConnectionPolicy> {
  private final List<ConnectionPolicy> policies;
  private final Map<String, Function<ConnectionPolicy, List<String>>> indexers = new HashMap<>();

  KnownPolicies(ConnectionPolicy... policies) {
    this.policies = List.of(policies);
  }

  @Override
  public void addIndexers(Map<String, Function<ConnectionPolicy, List<String>>> more) {
    indexers.putAll(more);
  }

  @Override
  public List<ConnectionPolicy> byIndex(String name, String key) {
    return list(policy -> Objects.requireNonNull(indexers.get(name)).apply(policy).contains(key))
        .toList();
  }

  @Override
  public Optional<ConnectionPolicy> get(ResourceID id) {
    return list(policy -> ResourceID.fromResource(policy).equals(id)).findFirst();
  }

  @Override
  public Stream<ResourceID> keys() {
    return policies.stream().map(ResourceID::fromResource);
  }

  @Override
  public Stream<ConnectionPolicy> list(Predicate<ConnectionPolicy> condition) {
    return policies.stream().filter(condition);
  }

  @Override
  public Stream<ConnectionPolicy> list(String namespace, Predicate<ConnectionPolicy> condition) {
    return list(condition.and(policy -> policy.getMetadata().getNamespace().equals(namespace)));
  }
}
