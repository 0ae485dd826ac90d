package dev.berth.benchmarks.scale;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text of Prometheus, as its series. */
record Readings(List<Sample> samples) {
  private static final Pattern LINE = Pattern.compile("(?m)^([a-z_:A-Z0-9]+)(?:\\{(.*)})? (\\S+)$");
  private static final Pattern BOUND = Pattern.compile("le=\"([^\"]+)\"");

  /** A series and its value. */
  record Sample(String name, String labels, double value) {}

  static Readings of(String text) {
    var samples = new ArrayList<Sample>();
    Matcher line = LINE.matcher(text);
    while (line.find()) {
      String labels = line.group(2) == null ? "" : line.group(2);
      samples.add(new Sample(line.group(1), labels, number(line.group(3))));
    }
    return new Readings(samples);
  }

  private static double number(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  /** The sum of the series of a name whose labels have all of these in them. */
  double sum(String name, String... labels) {
    return samples.stream()
        .filter(sample -> sample.name().equals(name))
        .filter(sample -> List.of(labels).stream().allMatch(sample.labels()::contains))
        .mapToDouble(Sample::value)
        .sum();
  }

  /** What each counter has grown by since {@code before}. */
  Readings since(Readings before) {
    return new Readings(
        samples.stream()
            .map(now ->
                new Sample(
                    now.name(),
                    now.labels(),
                    now.value()
                        - before.samples.stream()
                            .filter(then ->
                                then.name().equals(now.name())
                                    && then.labels().equals(now.labels()))
                            .mapToDouble(Sample::value)
                            .findFirst()
                            .orElse(0)))
            .toList());
  }

  /** Only the series whose name begins so. */
  Readings only(String prefix) {
    return new Readings(
        samples.stream().filter(sample -> sample.name().startsWith(prefix)).toList());
  }

  /** A quantile of a histogram in milliseconds, straight between two bounds. */
  double quantile(String histogram, double share) {
    var buckets =
        samples.stream()
            .filter(sample -> sample.name().equals(histogram + "_bucket"))
            .map(sample -> new Bucket(bound(sample.labels()), sample.value()))
            .sorted(Comparator.comparingDouble(Bucket::bound))
            .toList();
    double wanted = buckets.isEmpty() ? 0 : share * buckets.getLast().count();
    double bound = 0;
    double count = 0;
    for (Bucket each : buckets) {
      if (each.count() >= wanted && each.count() > count) {
        double upper = Double.isInfinite(each.bound()) ? bound : each.bound();
        return 1000 * (bound + (upper - bound) * (wanted - count) / (each.count() - count));
      }
      bound = each.bound();
      count = each.count();
    }
    return Double.NaN;
  }

  private static double bound(String labels) {
    Matcher bound = BOUND.matcher(labels);
    return bound.find() ? number(bound.group(1)) : Double.NaN;
  }

  private record Bucket(double bound, double count) {}
}
