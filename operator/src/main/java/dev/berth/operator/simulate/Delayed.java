package dev.berth.operator.simulate;

/**
 * A value that somebody else comes to know some ticks after it was told, as a kubelet does of an
 * annotation. Of several told meanwhile, the last one arrives.
 */
final class Delayed<T> {
  private T told;
  private T known;
  private long due;

  Delayed(T value) {
    this.told = value;
    this.known = value;
  }

  void tell(T value, long arrives) {
    told = value;
    due = arrives;
  }

  /** What was told last. */
  T told() {
    return told;
  }

  /** What is known now. */
  T known(long now) {
    if (now >= due) {
      known = told;
    }
    return known;
  }
}
