package dev.berth.benchmarks.differential;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** Sends cases to Berth and to a peer, some at once, and compares what they hear. */
record Trial(Party berth, Party peer) {
  private static final int AT_ONCE = 8;

  /** Returns once all have been sent and compared. */
  Tally of(Stream<Case> cases) {
    var tally = new Tally();
    List<Case> all = cases.toList();
    try (ExecutorService workers = Executors.newFixedThreadPool(AT_ONCE)) {
      all.forEach(each -> workers.execute(() -> tally.add(each, compare(each))));
    }
    if (tally.cases() < all.size()) {
      throw new IllegalStateException(
          "%s took part in %d of %d cases".formatted(peer.name(), tally.cases(), all.size()));
    }
    return tally;
  }

  private Outcome compare(Case each) {
    try {
      return Outcome.of(each.sent(), berth, peer);
    } catch (IOException broken) {
      throw new UncheckedIOException("can't talk to " + peer.name() + " about " + each, broken);
    }
  }
}
