package dev.berth.operator.simulate;

/**
 * A container's memory: what it takes without connections, what they add within about half a second
 * of their coming, what stays committed when they have gone, and what leaks.
 */
final class PodMemory {
  private static final double SETTLING = 0.2;
  private static final double STEADY = 0.99;
  private static final double STRAY = Math.sqrt(1 - STEADY * STEADY);

  private final Setting setting;
  private double settled;
  private double stray;
  private double most;
  private double leaked;
  private double used;

  PodMemory(Setting setting) {
    this.setting = setting;
  }

  /** A new container: nothing is left of what was. */
  void restart() {
    settled = 0;
    most = 0;
    leaked = 0;
    used = 0;
  }

  /** One tick with so many connections of {@code cost} bytes each. */
  void tick(int connections, double cost, double leakPerTick, Chance chance) {
    settled = Math.min(connections, settled + SETTLING * (connections - settled) + 0.5);
    stray = STEADY * stray + STRAY * chance.normal();
    leaked += leakPerTick;
    used = settled * cost * Math.max(0, 1 + setting.noise() * stray);
    most = Math.max(most, used);
  }

  /** What the process needs. */
  long live() {
    return (long) (setting.base() + used + leaked);
  }

  /** What the container holds. */
  long workingSet() {
    return (long) (setting.base() + Math.max(used, setting.sticky() * most) + leaked);
  }

  boolean full() {
    return workingSet() > setting.memory();
  }
}
