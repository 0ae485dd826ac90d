package dev.berth.operator.decide;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A state that somebody should know of, from its beginning until it has stayed away for a while:
 * one that comes and goes is one episode.
 *
 * @param since when it began; not known of one that a process before saw begin and stay away
 * @param last when it last held
 * @param about what was told of: the pods it concerned, or who conflicts; not known of an episode
 *     that began under a process before
 */
public record Episode(Optional<Instant> since, Instant last, Set<String> about) {
  public Episode {
    about = Set.copyOf(about);
  }

  /** One that began under a process before this one, which told of it, and went on. */
  public static Episode resumed(Instant since) {
    return new Episode(Optional.of(since), since, Set.of());
  }

  /** One that a process before this one told of, and that has stayed away since {@code last}. */
  public static Episode away(Instant last) {
    return new Episode(Optional.empty(), last, Set.of());
  }

  /** This episode, which holds at {@code now} too, and concerns {@code more}. */
  Episode with(Set<String> more, Instant now) {
    var all = new HashSet<>(about);
    all.addAll(more);
    return new Episode(since, now, all);
  }

  /** How long it lasted, after another sentence; empty where that isn't known. */
  String lasted() {
    return since
        .map(began -> Math.max(1, Math.ceilDiv(Duration.between(began, last).toMillis(), 1000)))
        .map(seconds -> ", after " + (seconds < 120 ? seconds + " s" : seconds / 60 + " min"))
        .orElse("");
  }
}
