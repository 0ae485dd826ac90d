package dev.berth.operator.simulate;

/**
 * How connections of a pod ended in one tick.
 *
 * @param left their clients had enough
 * @param graceful the server ended them as it should; their clients come back
 * @param broken the server's end broke them
 */
record Endings(int left, int graceful, int broken) {
  static final Endings NONE = new Endings(0, 0, 0);
}
