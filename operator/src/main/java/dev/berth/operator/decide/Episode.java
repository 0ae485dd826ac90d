package dev.berth.operator.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/**
 * A state that somebody should know of, from its beginning until it has stayed away for a while:
 * one that comes and goes is one episode.
 *
 * @param since when it began
 * @param last when it last held
 * @param about what was told of: the pods it concerned, or who conflicts; not known of an episode
 *     that began under a process before
 */
public record Episode(Instant since, Instant last, Set<String> about) {
  public Episode {
    about = Set.copyOf(about);
  }

  /** One that a process before this one told of. */
  public static Episode resumed(Instant since) {
    return new Episode(since, since, Set.of());
  }

  /** This episode, which holds at {@code now} too, and concerns {@code more}. */
  Episode with(Set<String> more, Instant now) {
    var all = new HashSet<>(about);
    all.addAll(more);
    return new Episode(since, now, all);
  }

  /** How long it lasted, in words. */
  String lasted() {
    long seconds = Math.max(1, Math.ceilDiv(Duration.between(since, last).toMillis(), 1000));
    return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
  }
}
