package dev.berth.server.access;

/**
 * Who is told of each answer. Called on the thread that answered, which serves nobody meanwhile: so
 * it should do no more than take note. What it throws is logged the first time, and otherwise
 * ignored. Safe for any number of threads.
 */
@FunctionalInterface
public interface AccessLog {
  /** Nobody is told, and nothing is gathered to tell. */
  AccessLog OFF = access -> {};

  /** An answer is complete, or as complete as it will get. */
  void answered(Access access);
}
