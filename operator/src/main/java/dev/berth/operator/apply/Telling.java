package dev.berth.operator.apply;

import java.time.Duration;
import java.time.Instant;

/**
 * What was told last of one kind of event, and how the next one is told.
 *
 * @param name the event object's; empty before there is one
 * @param note the message
 * @param count how often it was told in a row
 * @param at when
 * @param tokens how many more may be told now
 * @param how how this one is told
 */
record Telling(String name, String note, int count, Instant at, double tokens, How how) {
  /** Events of one kind at once. */
  static final int BURST = 10;

  private static final Duration SERIES = Duration.ofMinutes(6);
  private static final Duration REFILL = Duration.ofSeconds(30);

  /** How an event is told. */
  enum How {
    /** As an event of its own. */
    NEW,
    /** As one more of the event before. */
    AGAIN,
    /** Not at all: there were too many. */
    HELD_BACK
  }

  static Telling nothing(Instant now) {
    return new Telling("", "", 0, now, BURST, How.HELD_BACK);
  }

  /** The same under its object's name. */
  Telling named(String object) {
    return new Telling(object, note, count, at, tokens, how);
  }

  Telling next(String message, Instant now) {
    double refilled = Duration.between(at, now).toMillis() / (double) REFILL.toMillis();
    double free = Math.min(BURST, tokens + Math.max(0, refilled));
    if (free < 1) {
      return new Telling(name, note, count, now, free, How.HELD_BACK);
    }
    boolean again = !name.isEmpty() && note.equals(message) && now.isBefore(at.plus(SERIES));
    return again
        ? new Telling(name, note, count + 1, now, free - 1, How.AGAIN)
        : new Telling("", message, 1, now, free - 1, How.NEW);
  }
}
