package dev.berth.benchmarks.idle;

import java.util.List;

/**
 * The straight line through some points, by least squares.
 *
 * @param residual the largest distance of a point from it
 */
record Line(double start, double slope, double residual) {
  /** A measured value at a number of connections. */
  record Point(double connections, double value) {}

  static Line through(List<Point> points) {
    double meanX = points.stream().mapToDouble(Point::connections).average().orElseThrow();
    double meanY = points.stream().mapToDouble(Point::value).average().orElseThrow();
    double xy = 0;
    double xx = 0;
    for (Point point : points) {
      xy += (point.connections() - meanX) * (point.value() - meanY);
      xx += (point.connections() - meanX) * (point.connections() - meanX);
    }
    double slope = xy / xx;
    double start = meanY - slope * meanX;
    double residual =
        points.stream()
            .mapToDouble(point -> Math.abs(start + slope * point.connections() - point.value()))
            .max()
            .orElseThrow();
    return new Line(start, slope, residual);
  }

  double at(double connections) {
    return start + slope * connections;
  }
}
