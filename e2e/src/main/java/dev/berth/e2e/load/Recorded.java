package dev.berth.e2e.load;

import java.util.List;

/** A line of what a {@link Recorder} wrote down: comma-separated, which kind it is first. */
public sealed interface Recorded {
  /** When, in milliseconds since 1970. */
  long at();

  /** What the clients had seen. */
  record Clients(
      long at, long wanted, long open, long refused, long graceful, long unreachable, long broken)
      implements Recorded {
    static Clients of(long at, Counts counts) {
      return new Clients(
          at,
          counts.wanted(),
          counts.open(),
          counts.refused(),
          counts.graceful(),
          counts.unreachable(),
          counts.broken());
    }

    String line() {
      return "clients,%d,%d,%d,%d,%d,%d,%d"
          .formatted(at, wanted, open, refused, graceful, unreachable, broken);
    }
  }

  /**
   * What a pod's metrics said.
   *
   * @param active open connections
   * @param limit the limit in force
   * @param workingSet bytes of memory in use
   * @param accepted connections that got a permit, since its start
   * @param rejected connections that got none, since its start
   * @param draining whether it drains
   */
  record Pod(
      long at,
      String name,
      int active,
      int limit,
      long workingSet,
      long accepted,
      long rejected,
      boolean draining)
      implements Recorded {
    static Pod of(long at, String name, String metrics) {
      return new Pod(
          at,
          name,
          (int) sum(metrics, "berth_connections"),
          (int) sum(metrics, "berth_connection_limit"),
          (long) sum(metrics, "berth_memory_working_set_bytes"),
          (long) sum(metrics, "berth_connections_accepted_total"),
          (long) sum(metrics, "berth_connections_rejected_total"),
          sum(metrics, "berth_draining") > 0);
    }

    String line() {
      return "pod,%d,%s,%d,%d,%d,%d,%d,%s"
          .formatted(at, name, active, limit, workingSet, accepted, rejected, draining);
    }

    private static double sum(String metrics, String series) {
      return metrics
          .lines()
          .filter(line -> line.startsWith(series + "{") || line.startsWith(series + " "))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    }
  }

  /** Reads what a recorder wrote. */
  static List<Recorded> parse(String text) {
    return text.lines().map(line -> parse(line.split(",", -1))).toList();
  }

  private static Recorded parse(String[] parts) {
    long at = Long.parseLong(parts[1]);
    return parts[0].equals("pod")
        ? new Pod(
            at,
            parts[2],
            Integer.parseInt(parts[3]),
            Integer.parseInt(parts[4]),
            Long.parseLong(parts[5]),
            Long.parseLong(parts[6]),
            Long.parseLong(parts[7]),
            Boolean.parseBoolean(parts[8]))
        : new Clients(
            at,
            Long.parseLong(parts[2]),
            Long.parseLong(parts[3]),
            Long.parseLong(parts[4]),
            Long.parseLong(parts[5]),
            Long.parseLong(parts[6]),
            Long.parseLong(parts[7]));
  }
}
