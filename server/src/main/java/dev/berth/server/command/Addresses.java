package dev.berth.server.command;

import java.net.InetSocketAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads addresses to listen on: {@code 0.0.0.0:8080}, {@code [::1]:8080}, {@code localhost:8080},
 * {@code :8080} for all.
 */
public final class Addresses implements ITypeConverter<InetSocketAddress> {
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]*):(\\d{1,5})");

  @Override
  public InetSocketAddress convert(String text) {
    Matcher address = ADDRESS.matcher(text);
    if (!address.matches()) {
      throw new TypeConversionException("'" + text + "' is no address such as 0.0.0.0:8080");
    }
    int port = Integer.parseInt(address.group(2));
    if (port > 65_535) {
      throw new TypeConversionException("'" + text + "' has a port above 65535");
    }
    String host = address.group(1);
    InetSocketAddress resolved =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (resolved.isUnresolved()) {
      throw new TypeConversionException("'" + host + "' is no known host");
    }
    return resolved;
  }

  /** The address as it is written. */
  static String show(InetSocketAddress address) {
    String host = address.getAddress().getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + address.getPort();
  }
}
