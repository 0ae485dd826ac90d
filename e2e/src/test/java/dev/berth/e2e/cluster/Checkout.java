package dev.berth.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;

/** The files of the project, wherever it was checked out. */
public final class Checkout {
  private static final Path ROOT = above(Path.of("").toAbsolutePath());

  private Checkout() {}

  /** The file or folder at {@code path}, seen from the project's root. */
  public static Path file(String path) {
    return ROOT.resolve(path);
  }

  private static Path above(Path start) {
    var folder = start;
    while (!Files.isDirectory(folder.resolve("charts/berth"))) {
      if (folder.getParent() == null) {
        throw new IllegalStateException("neither " + start + " nor a parent holds charts/berth");
      }
      folder = folder.getParent();
    }
    return folder;
  }
}
