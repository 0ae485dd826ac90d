package dev.berth.operator.simulate;

/**
 * What has happened since the beginning. Owned by the world's thread.
 *
 * <p>Each client's attempt that gave no connection is refused (a whole 503) or unreachable (there
 * was no pod). Each connection that ended against its client's will is graceful (announced by the
 * server), broken by a scale-in, broken by a kill for memory, or lost with a pod that the trace
 * killed.
 */
final class Ledger {
  long refused;
  long unreachable;
  long graceful;
  long brokenByScaleIn;
  long brokenByKill;
  long lostByTrace;
  int kills;
  double wantedSeconds;
  double servedSeconds;
  double podSeconds;
}
