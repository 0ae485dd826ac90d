package dev.berth.operator.apply;

import dev.berth.operator.apply.StatusPace.Worth;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One policy's status on its way: what was written last, and what is to be, which is kept only
 * while it waits. Safe for any number of threads.
 */
final class StatusPlace {
  /** Seconds before a status that couldn't be written is tried again. */
  static final int RETRY_SECONDS = 5;

  private ConnectionPolicyStatus written;
  private Instant writtenAt = Instant.MIN;
  private Optional<Report> next = Optional.empty();
  private Worth waiting = Worth.NOTHING;
  private boolean underWay;
  private Optional<Instant> failedAt = Optional.empty();

  private StatusPlace(ConnectionPolicyStatus written) {
    this.written = written;
  }

  /** What a round reports. */
  record Report(ConnectionPolicy policy, ConnectionPolicyStatus status, Instant at) {
    /** The same, with the pods as they were written last if it tells none. */
    Report after(ConnectionPolicyStatus written) {
      return status.pods() == null ? new Report(policy, status.withPods(written.pods()), at) : this;
    }
  }

  /** The place of a policy whose status, as it has it, was written once. */
  static StatusPlace of(ConnectionPolicy policy) {
    return new StatusPlace(
        Optional.ofNullable(policy.getStatus()).orElse(ConnectionPolicyStatus.NONE));
  }

  /**
   * Takes the newest report in place of the one before.
   *
   * @return what it is worth, if a turn is to be queued for it
   */
  synchronized Optional<Worth> offer(Report offered, int policies) {
    Report report = offered.after(written);
    next = next.map(older -> report);
    boolean tooEarly =
        failedAt
            .map(at -> report.at().isBefore(at.plus(Duration.ofSeconds(RETRY_SECONDS))))
            .orElse(false);
    if (underWay || tooEarly) {
      return Optional.empty();
    }
    Worth worth = StatusPace.worth(written, report.status(), writtenAt, policies, report.at());
    if (worth.compareTo(waiting) <= 0) {
      return Optional.empty();
    }
    waiting = worth;
    next = Optional.of(report);
    return Optional.of(worth);
  }

  /** The newest report, to be written now; absent if another turn took it. */
  synchronized Optional<Report> take() {
    Optional<Report> newest = next;
    underWay |= newest.isPresent();
    waiting = Worth.NOTHING;
    next = Optional.empty();
    return newest;
  }

  /** Tells that a report was written. */
  synchronized void written(Report report) {
    underWay = false;
    failedAt = Optional.empty();
    written = report.status();
    writtenAt = report.at();
  }

  /** Tells that a report couldn't be written. Whether the one before it could. */
  synchronized boolean failed(Report report) {
    boolean first = failedAt.isEmpty();
    underWay = false;
    failedAt = Optional.of(report.at());
    return first;
  }
}
