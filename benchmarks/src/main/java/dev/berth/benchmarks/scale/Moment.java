package dev.berth.benchmarks.scale;

import java.io.IOException;
import java.time.Duration;

/**
 * All counters at one time.
 *
 * @param nanos when
 * @param operator the operator's own metrics, those of single policies left out
 * @param calls the API server's count of calls
 * @param scrapes answers that pods gave
 * @param processor processor time of the operator
 * @param serverProcessor that of the API server and its store
 */
record Moment(
    long nanos,
    Readings operator,
    Readings calls,
    long scrapes,
    Duration processor,
    Duration serverProcessor) {
  static Moment of(OperatorProcess operator, ApiServer server, StandIns standIns)
      throws IOException, InterruptedException {
    Readings calls = Readings.of(server.get("/metrics")).only("apiserver_request_total");
    Readings own = operator.metrics().only("berth_operator_");
    return new Moment(
        System.nanoTime(),
        own,
        calls,
        standIns.answered(),
        processor(operator.pid()),
        server.pids().stream().map(Moment::processor).reduce(Duration.ZERO, Duration::plus));
  }

  private static Duration processor(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }
}
