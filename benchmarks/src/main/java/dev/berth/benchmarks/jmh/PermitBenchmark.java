package dev.berth.benchmarks.jmh;

import dev.berth.server.limit.Admission;
import dev.berth.server.limit.ConnectionLimit;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A permit taken and given back: the movable limit beside {@link Semaphore}, whose permits don't
 * move.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@Threads(2)
public class PermitBenchmark {
  private final ConnectionLimit limit = ConnectionLimit.of(1_000);
  private final Semaphore semaphore = new Semaphore(1_000);

  @Benchmark
  public boolean connectionLimit() {
    boolean admitted = limit.tryAcquire() instanceof Admission.Admitted;
    if (admitted) {
      limit.release();
    }
    return admitted;
  }

  @Benchmark
  public boolean semaphore() {
    boolean admitted = semaphore.tryAcquire();
    if (admitted) {
      semaphore.release();
    }
    return admitted;
  }
}
