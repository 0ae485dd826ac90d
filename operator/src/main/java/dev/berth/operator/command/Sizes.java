package dev.berth.operator.command;

import dev.berth.server.memory.ByteSize;
import java.util.OptionalLong;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads sizes as Kubernetes writes them: {@code 128Mi}. */
final class Sizes implements ITypeConverter<OptionalLong> {
  @Override
  public OptionalLong convert(String text) {
    try {
      return OptionalLong.of(ByteSize.parse(text));
    } catch (IllegalArgumentException malformed) {
      throw new TypeConversionException(String.valueOf(malformed.getMessage()));
    }
  }
}
