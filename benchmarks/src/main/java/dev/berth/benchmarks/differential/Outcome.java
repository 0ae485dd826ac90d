package dev.berth.benchmarks.differential;

import dev.berth.benchmarks.differential.Account.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * What came of sending the same bytes to Berth and a peer, and how many requests both heard alike.
 */
record Outcome(Comparison comparison, int alike) {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  static Outcome of(byte[] sent, Party berth, Party peer) throws IOException {
    Account ours = berth.hear(sent);
    Account theirs = peer.hear(sent);
    // Many answer 400 as well, or don't answer any more, when the client ends in the middle of what
    // they take for a request: what they do by themselves counts.
    if (ours.heard().size() > theirs.heard().size() && theirs.ending() != Ending.ANNOUNCED) {
      theirs = peer.hearWithoutEnd(sent, PATIENCE);
    } else if (theirs.heard().size() > ours.heard().size() && ours.ending() != Ending.ANNOUNCED) {
      ours = berth.hearWithoutEnd(sent, PATIENCE);
    }
    int alike = commonStart(ours.heard(), theirs.heard());
    return new Outcome(compare(ours, theirs, alike), alike);
  }

  private static int commonStart(List<Heard> ours, List<Heard> theirs) {
    int alike = 0;
    int most = Math.min(ours.size(), theirs.size());
    while (alike < most && ours.get(alike).equals(theirs.get(alike))) {
      alike++;
    }
    return alike;
  }

  private static Comparison compare(Account ours, Account theirs, int alike) {
    boolean oursGoesOn = ours.heard().size() > alike;
    boolean theirsGoesOn = theirs.heard().size() > alike;
    if (oursGoesOn && theirsGoesOn) {
      return Comparison.DIFFERENT;
    }
    if (theirs.ending() == Ending.FAILED) {
      return Comparison.FAILED;
    }
    if (oursGoesOn) {
      return ended(theirs, Comparison.PEER_REFUSES);
    }
    if (theirsGoesOn) {
      return ended(ours, Comparison.BERTH_REFUSES);
    }
    return alike == 0 ? Comparison.NONE_HEARD : Comparison.ALIKE;
  }

  private static Comparison ended(Account shorter, Comparison refusal) {
    return switch (shorter.ending()) {
      case ANNOUNCED -> Comparison.ONE_CLOSES;
      case REFUSED -> refusal;
      case SILENT, WAITING, FAILED -> Comparison.DIFFERENT;
    };
  }
}
