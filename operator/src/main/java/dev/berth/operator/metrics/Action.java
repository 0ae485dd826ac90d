package dev.berth.operator.metrics;

import dev.berth.operator.decide.Decision;
import dev.berth.operator.decide.Decision.Scale;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a round did: several at once, {@code HOLD} only alone. */
enum Action {
  LIMIT,
  SCALE_UP,
  SCALE_DOWN,
  ROTATION,
  DRAIN,
  UNDRAIN,
  HOLD;

  static Set<Action> of(Decision.Actions actions) {
    if (actions.isEmpty()) {
      return EnumSet.of(HOLD);
    }
    var done = EnumSet.noneOf(Action.class);
    if (!actions.limits().isEmpty()) {
      done.add(LIMIT);
    }
    if (!actions.leave().isEmpty() || !actions.stay().isEmpty()) {
      done.add(ROTATION);
    }
    if (!actions.undrain().isEmpty()) {
      done.add(UNDRAIN);
    }
    if (!actions.drain().isEmpty()) {
      done.add(DRAIN);
    }
    switch (actions.scale()) {
      case Scale.Keep() -> {}
      case Scale.Up ignored -> done.add(SCALE_UP);
      case Scale.Remove ignored -> done.add(SCALE_DOWN);
    }
    return done;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
