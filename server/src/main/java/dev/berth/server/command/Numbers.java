package dev.berth.server.command;

import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads whole numbers that have a least value, and tells what that is. */
final class Numbers {
  private Numbers() {}

  private static int parse(String text, int least, String expected) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least) {
        return number;
      }
    } catch (NumberFormatException noNumber) {
      // Said below.
    }
    throw new TypeConversionException("'" + text + "' is not " + expected);
  }

  /** A limit that has to let something through. */
  static final class FromOne implements ITypeConverter<OptionalInt> {
    @Override
    public OptionalInt convert(String text) {
      return OptionalInt.of(parse(text, 1, "a whole number from 1"));
    }
  }

  /** A bound on bytes that still has to let a plain request through. */
  static final class FromOneKibi implements ITypeConverter<OptionalInt> {
    @Override
    public OptionalInt convert(String text) {
      return OptionalInt.of(parse(text, 1024, "a whole number from 1024"));
    }
  }

  /** A connection limit; empty for the one that is derived. */
  static final class LimitOrAuto implements ITypeConverter<OptionalInt> {
    @Override
    public OptionalInt convert(String text) {
      return text.equals("auto")
          ? OptionalInt.empty()
          : OptionalInt.of(parse(text, 0, "auto, or a whole number from 0"));
    }
  }
}
