package dev.berth.server;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
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
}
