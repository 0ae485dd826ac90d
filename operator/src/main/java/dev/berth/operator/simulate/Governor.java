package dev.berth.operator.simulate;

import java.util.OptionalInt;

/** Who governs the pods of a world. */
interface Governor {
  /** Looks and acts, if it is time to. Called at the end of each tick. */
  void tick(World world);

  /** The limit of a pod, as last decided; absent while there is none. */
  OptionalInt limit();
}
