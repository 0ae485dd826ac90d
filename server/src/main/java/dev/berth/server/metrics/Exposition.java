package dev.berth.server.metrics;

import dev.berth.server.handler.Handler;
import dev.berth.server.handler.Request;
import dev.berth.server.handler.Response;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A registry of metrics, those of the JVM and the process in it, and the handler that shows it to
 * Prometheus: as OpenMetrics to those who would rather have that, as text 0.0.4 to others; all of
 * it, or what the parameters {@code name[]} name, as with Prometheus's own client libraries. Safe
 * for any thread.
 */
public final class Exposition implements Handler, AutoCloseable {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";

  private static final String NAMES = "name[]";
  // What a name may have in the text beyond the metric's own
  private static final Pattern SUFFIX = Pattern.compile("_(total|bucket|count|sum|max|info)$");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private volatile Runnable beforeScrape = () -> {};

  /** A registry that has the JVM's and the process's meters already. */
  public Exposition() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /** Where meters are registered that are to be exposed. */
  public PrometheusMeterRegistry registry() {
    return registry;
  }

  /** Sets what to do before each scrape. */
  public void beforeScrape(Runnable look) {
    beforeScrape = look;
  }

  @Override
  public void handle(Request request, Response response) throws IOException {
    beforeScrape.run();
    boolean open =
        Accept.of(request.headers("Accept")).prefers("application/openmetrics-text", "text/plain");
    String format = open ? OPEN_METRICS : TEXT;
    response.header("Content-Type", format);
    try (OutputStream out = response.stream()) {
      List<String> names = request.queryParameters(NAMES);
      if (names.isEmpty()) {
        registry.scrape(out, format);
      } else {
        registry.scrape(out, format, metrics(names));
      }
    }
  }

  private static Set<String> metrics(List<String> names) {
    return names.stream()
        .flatMap(name -> Stream.of(name, SUFFIX.matcher(name).replaceFirst("")))
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
