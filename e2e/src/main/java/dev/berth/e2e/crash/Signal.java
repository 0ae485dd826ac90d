package dev.berth.e2e.crash;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** A signal of POSIX that Java itself can't send. */
enum Signal {
  CONTINUE(18),
  STOP(19);

  private final int number;

  Signal(int number) {
    this.number = number;
  }

  /** Sends it to a process; one that has gone is passed over. */
  @SuppressWarnings("restricted") // kill(2) takes two numbers and touches no memory
  void send(long process) {
    Linker linker = Linker.nativeLinker();
    MethodHandle kill =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("kill"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try {
      int refused = (int) kill.invokeExact((int) process, number);
      System.out.printf("%s to %d: %d%n", this, process, refused);
    } catch (Throwable failure) {
      throw new IllegalStateException("can't signal " + process, failure);
    }
  }
}
