import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Gives an image an AOT cache: what its JVM learns in a run of the image's own program, from which each start begins
 * (JEP 483, 514, 515). A cache is only of use to the very JVM and jars that it was made with, so it is made with those of the
 * image, unpacked: no Docker is needed, but a machine of the image's kind.
 *
 * <pre>
 * java AotCache.java train IMAGE.tar LAYER   writes to LAYER what the image gets instead of src/main/image
 * java AotCache.java check IMAGE.tar         starts the finished image's program; fails if it does not use its cache
 * java AotCache.java unpack IMAGE.tar FOLDER prints what starts the program from there, for who wants to measure that
 * </pre>
 */
final class AotCache {
  private static final String OPTIONS = "jvm.options";

  private AotCache() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    if (arguments[0].equals("unpack")) {
      UnpackedImage image = UnpackedImage.of(Path.of(arguments[1]), Path.of(arguments[2]));
      image.command(List.of("-XX:AOTCache=" + image.cache())).forEach(System.out::println);
      return;
    }
    Path folder = Files.createTempDirectory("berth-image");
    try {
      UnpackedImage image = UnpackedImage.of(Path.of(arguments[1]), folder);
      if (!image.runsHere()) {
        System.out.println(
            "berth: the image starts without an AOT cache, which only a machine that runs " + image.platform() + " could make");
      } else if (arguments[0].equals("train")) {
        train(image, Path.of(arguments[2]));
      } else {
        check(image);
      }
    } finally {
      UnpackedImage.delete(folder);
    }
  }

  private static void train(UnpackedImage image, Path layer) throws IOException, InterruptedException {
    UnpackedImage.delete(layer);
    Path app = Files.createDirectories(layer.resolve("app"));
    Files.copy(image.app().resolve(OPTIONS), app.resolve(OPTIONS));
    for (Path jar : image.classPath()) {
      if (ModernClasses.rewrite(jar)) {
        Path copy = app.resolve(image.app().relativize(jar));
        Files.createDirectories(copy.getParent());
        Files.copy(jar, copy);
      }
    }
    Path cache = app.resolve(image.cacheName());
    Trial.run(image, "-XX:AOTCacheOutput=" + cache.toAbsolutePath());
    if (!Files.exists(cache)) {
      throw new IOException("the training run left no AOT cache");
    }
  }

  private static void check(UnpackedImage image) throws IOException, InterruptedException {
    Path cache = image.cache();
    // "on" ends the JVM if the cache is not there, or is not of this JVM and these jars.
    long millis = Trial.run(image, "-XX:AOTCache=" + cache, "-XX:AOTMode=on");
    System.out.printf("the image's AOT cache (%.1f MB) is in use; ready in %d ms%n", Files.size(cache) / 1e6, millis);
  }
}
