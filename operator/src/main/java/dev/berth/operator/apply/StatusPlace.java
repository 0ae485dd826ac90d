package dev.berth.operator.apply;

import dev.berth.operator.apply.StatusPace.Worth;
import dev.berth.operator.policy.ConnectionPolicy;
import dev.berth.operator.policy.ConnectionPolicyStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One policy's status on its way: what was written last, what is to be, and whether that waits or
 * is under way. Safe for any number of threads.
 */
final class StatusPlace {
  /** Seconds before a status that couldn't be written is tried again. */
  static final int RETRY_SECONDS = 5;

  private ConnectionPolicyStatus written;
  private Instant writtenAt = Instant.MIN;
  private Report next;
  private Worth waiting = Worth.NOTHING;
  private boolean underWay;
  private Optional<Instant> failedAt = Optional.empty();

  private StatusPlace(ConnectionPolicyStatus written, Report next) {
    this.written = written;
    this.next = next;
  }

  /** What a round reports. */
  record Report(ConnectionPolicy policy, ConnectionPolicyStatus status, Instant at) {}

  /** The place of a policy whose status, as it has it, was written once. */
  static StatusPlace of(ConnectionPolicy policy) {
    var status = Optional.ofNullable(policy.getStatus()).orElse(ConnectionPolicyStatus.NONE);
    return new StatusPlace(status, new Report(policy, status, Instant.MIN));
  }

  /**
   * Takes the newest report in place of the one before.
   *
   * @return what it is worth, if a turn is to be queued for it
   */
  synchronized Optional<Worth> offer(Report report, int policies) {
    next = report;
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
    return Optional.of(worth);
  }

  /** The newest report, to be written now; absent if another turn took it. */
  synchronized Optional<Report> take() {
    if (underWay || waiting == Worth.NOTHING) {
      return Optional.empty();
    }
    underWay = true;
    waiting = Worth.NOTHING;
    return Optional.of(next);
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
