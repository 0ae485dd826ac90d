package dev.berth.benchmarks.peer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An image of Berth's, unpacked by the script that gives it its AOT cache. */
public final class UnpackedImage {
  private UnpackedImage() {}

  /**
   * What starts the image's program from {@code folder}, with the image's flags and its cache.
   *
   * @throws IOException if there is no such image, or the machine runs none of its kind
   */
  public static List<String> command(Path image, Path folder)
      throws IOException, InterruptedException {
    Process unpacking =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "scripts/aot/AotCache.java",
                "unpack",
                image.toString(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> command = unpacking.inputReader().readAllLines();
    if (unpacking.waitFor() != 0) {
      throw new IOException("no " + image + "? make image makes it");
    }
    return command;
  }
}
