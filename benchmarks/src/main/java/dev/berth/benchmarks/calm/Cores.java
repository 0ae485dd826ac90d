package dev.berth.benchmarks.calm;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** Which processors attacker, victim and ordinary clients run on (needs taskset of util-linux). */
enum Cores {
  /** All on all: what the attacker burns is taken from the others, whatever the server is. */
  SHARED {
    @Override
    List<String> forVictim(List<String> command) {
      return command;
    }

    @Override
    List<String> forAttacker(List<String> command) {
      return command;
    }

    @Override
    void takeOwn() {}
  },
  /**
   * The attacker on the first, as if it were another machine; all others on the rest. So what is
   * measured is what the server makes of the attack.
   */
  APART {
    @Override
    List<String> forVictim(List<String> command) {
      return pinned(OTHERS, command);
    }

    @Override
    List<String> forAttacker(List<String> command) {
      return pinned("0", command);
    }

    @Override
    void takeOwn() throws IOException, InterruptedException {
      String self = Long.toString(ProcessHandle.current().pid());
      Process pin =
          new ProcessBuilder("taskset", "-a", "-c", "-p", OTHERS, self)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      if (pin.waitFor() != 0) {
        throw new IOException("taskset could not pin this process to processors " + OTHERS);
      }
    }
  };

  // As many as there were when it started, before it took its own.
  private static final String OTHERS = "1-" + (Runtime.getRuntime().availableProcessors() - 1);

  abstract List<String> forVictim(List<String> command);

  abstract List<String> forAttacker(List<String> command);

  /** Pins this process, which the ordinary clients are in. */
  abstract void takeOwn() throws IOException, InterruptedException;

  private static List<String> pinned(String processors, List<String> command) {
    return Stream.concat(Stream.of("taskset", "-c", processors), command.stream()).toList();
  }
}
