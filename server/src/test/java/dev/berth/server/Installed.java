package dev.berth.server;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Programs of others that are installed here; a test that needs another one is skipped. */
public final class Installed {
  /** Where services are that not everybody has in PATH. */
  private static final String FOR_ROOT = "/usr/sbin:/usr/local/sbin";

  private Installed() {}

  /** The program of that name. */
  public static Path program(String name) {
    String places = System.getenv("PATH") + File.pathSeparator + FOR_ROOT;
    Path found =
        Stream.of(places.split(File.pathSeparator, -1))
            .map(place -> Path.of(place, name))
            .filter(Files::isExecutable)
            .findFirst()
            .orElse(Path.of("none"));
    assumeThat(found).as(name + " has to be installed for this test").isExecutable();
    return found;
  }

  /** A port of this machine that nobody listened on a moment ago, for one that can't choose. */
  public static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
