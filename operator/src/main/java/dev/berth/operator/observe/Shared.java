package dev.berth.operator.observe;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Equal values as one object, for those that many objects have alike. It forgets: a value that it
 * doesn't know any more is kept twice, and that is all.
 *
 * <p>Safe for any number of threads. Values from here are shared: nobody changes them.
 */
final class Shared {
  private static final int SLOTS = 1 << 12;

  private final AtomicReferenceArray<Object> slots = new AtomicReferenceArray<>(SLOTS);

  /** An object that equals {@code value}. */
  @SuppressWarnings("unchecked") // what equals a T is one, of the types that are given here
  <T> T same(T value) {
    int hash = value.hashCode();
    int slot = (hash ^ hash >>> 16) & (SLOTS - 1);
    Object known = slots.get(slot);
    if (value.equals(known)) {
      return (T) known;
    }
    slots.set(slot, value);
    return value;
  }
}
