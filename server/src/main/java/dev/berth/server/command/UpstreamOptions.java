package dev.berth.server.command;

import dev.berth.server.proxy.UpstreamAddress;
import dev.berth.server.proxy.UpstreamLimits;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of the reverse proxy. */
final class UpstreamOptions {
  @Option(
      names = "--upstream",
      paramLabel = "URL",
      converter = Address.class,
      description =
          "have the HTTP server at this URL answer, such as http://127.0.0.1:3000, instead of a"
              + " handler: a reverse proxy")
  private Optional<UpstreamAddress> address = Optional.empty();

  @Option(
      names = "--upstream-connections",
      paramLabel = "N",
      defaultValue = "1024",
      converter = Numbers.FromOne.class,
      description =
          "how many connections to the upstream requests may use at once, beside those that are"
              + " upgraded or stream events; default ${DEFAULT-VALUE}")
  private OptionalInt connections = OptionalInt.empty();

  @Option(
      names = "--upstream-queue-timeout",
      paramLabel = "TIME",
      defaultValue = "5s",
      description = "how long a request waits for one of them, then 503; default ${DEFAULT-VALUE}")
  private Duration queueTimeout = Duration.ZERO;

  @Option(
      names = "--upstream-timeout",
      paramLabel = "TIME",
      defaultValue = "60s",
      description =
          "for the upstream to accept, to take more of a request, to begin or go on with an answer,"
              + " then 504; not for events and upgraded connections; 0s: never; default ${DEFAULT-VALUE}")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--upstream-idle-timeout",
      paramLabel = "TIME",
      defaultValue = "4s",
      description =
          "after which an unused connection to the upstream is closed: less than after which the"
              + " upstream does so itself; default ${DEFAULT-VALUE}")
  private Duration idleTimeout = Duration.ZERO;

  /** Reads where the upstream is. */
  static final class Address implements ITypeConverter<UpstreamAddress> {
    @Override
    public UpstreamAddress convert(String text) {
      try {
        return UpstreamAddress.parse(text);
      } catch (IllegalArgumentException malformed) {
        throw new TypeConversionException(String.valueOf(malformed.getMessage()));
      }
    }
  }

  /** Where to pass requests on to; empty if a handler answers them. */
  Optional<UpstreamAddress> address() {
    return address;
  }

  UpstreamLimits limits() {
    return new UpstreamLimits(connections.orElseThrow(), queueTimeout, timeout, idleTimeout);
  }
}
