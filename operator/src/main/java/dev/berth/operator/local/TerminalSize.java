package dev.berth.operator.local;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/** The size of the terminal on standard output, in characters; 80 × 24 where it can't be told. */
record TerminalSize(int columns, int rows) {
  private static final TerminalSize USUAL = new TerminalSize(80, 24);
  private static final int STANDARD_OUTPUT = 1;

  static TerminalSize now() {
    try (Arena arena = Arena.ofConfined()) {
      // struct winsize { unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel; }
      MemorySegment size = arena.allocate(ValueLayout.JAVA_SHORT, 4);
      int status = (int) Ioctl.CALL.invokeExact(STANDARD_OUTPUT, Ioctl.TIOCGWINSZ, size);
      int rows = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 0));
      int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
      return status == 0 && rows > 1 && columns > 0 ? new TerminalSize(columns, rows) : USUAL;
    } catch (Throwable unknown) {
      return USUAL;
    }
  }

  /** The system's {@code ioctl}, as its own C library has it. */
  @SuppressWarnings("restricted") // ioctl takes what is passed here on every system
  private static final class Ioctl {
    static final long TIOCGWINSZ =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac")
            ? 0x40087468L
            : 0x5413L;
    static final MethodHandle CALL =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("ioctl"),
                FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS),
                Linker.Option.firstVariadicArg(2));
  }
}
