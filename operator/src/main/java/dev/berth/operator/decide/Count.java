package dev.berth.operator.decide;

/** Numbers of pods in words. */
final class Count {
  private Count() {}

  /** {@code 1 pod}, {@code 2 pods}. */
  static String pods(long count) {
    return count == 1 ? "1 pod" : count + " pods";
  }

  /** {@code 1 pod is}, {@code 2 pods are}. */
  static String podsAre(long count) {
    return pods(count) + (count == 1 ? " is" : " are");
  }

  /** {@code 1 pod stays}, {@code 2 pods stay}. */
  static String podsStay(long count) {
    return pods(count) + (count == 1 ? " stays" : " stay");
  }

  /** {@code 1 pod has}, {@code 2 pods have}. */
  static String podsHave(long count) {
    return pods(count) + (count == 1 ? " has" : " have");
  }

  /** {@code 1 connection remains}, {@code 2 connections remain}. */
  static String connectionsRemain(long count) {
    return count == 1 ? "1 connection remains" : count + " connections remain";
  }
}
