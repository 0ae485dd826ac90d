import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of an image that Jib has made, in a folder of this machine.
 *
 * @param root what stands for {@code /}
 * @param config what the image says of itself, in JSON
 */
record UnpackedImage(Path root, String config) {
  private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"");

  static UnpackedImage of(Path tar, Path folder) throws IOException, InterruptedException {
    untar(tar, folder);
    String manifest = Files.readString(folder.resolve("manifest.json"));
    Path root = Files.createDirectory(folder.resolve("root"));
    UnpackedImage image = new UnpackedImage(root, Files.readString(folder.resolve(strings(manifest, "Config").getFirst())));
    if (image.runsHere()) {
      for (String layer : strings(manifest, "Layers")) {
        untar(folder.resolve(layer), root);
      }
    }
    return image;
  }

  /** The files keep their times, by which a JVM knows the jars that its cache was made with. */
  private static void untar(Path tar, Path into) throws IOException, InterruptedException {
    var command = List.of("tar", "-xf", tar.toString(), "-C", into.toString());
    Process unpacking = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(unpacking.getInputStream().readAllBytes());
    if (unpacking.waitFor() != 0) {
      throw new IOException("could not unpack " + tar + ": " + said);
    }
  }

  /** What it was built for, such as linux/amd64. */
  String platform() {
    return strings(config, "os").getFirst() + "/" + strings(config, "architecture").getFirst();
  }

  boolean runsHere() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String processor = System.getProperty("os.arch").replace("x86_64", "amd64").replace("aarch64", "arm64");
    return platform().equals(system + "/" + processor);
  }

  Path app() {
    return root.resolve("app");
  }

  /** Where the cache is, if it has one. */
  Path cache() {
    return app().resolve(cacheName());
  }

  /** The cache's name in {@code /app}, as the program's pom.xml has it. */
  String cacheName() {
    return "berth-" + program() + ".aot";
  }

  /** Which of the programs it is, by the package of its main class: server or operator. */
  String program() {
    Matcher main = Pattern.compile("\"dev\\.berth\\.(\\w+)\\.").matcher(config);
    if (!main.find()) {
      throw new IllegalArgumentException("the image starts no program of Berth's: " + config);
    }
    return main.group(1);
  }

  /** The jars, in order. */
  List<Path> classPath() throws IOException {
    List<Path> jars = new ArrayList<>();
    for (String entry : Files.readString(app().resolve("jib-classpath-file")).strip().split(":")) {
      if (entry.endsWith("/*")) {
        try (Stream<Path> all = Files.list(here(entry).getParent())) {
          jars.addAll(all.sorted().toList());
        }
      } else {
        jars.add(here(entry));
      }
    }
    return jars;
  }

  /** How its program is started from this folder: the image's own flags, but for the cache. */
  List<String> command(List<String> flags) throws IOException {
    List<String> entrypoint = strings(config, "Entrypoint");
    int classPath = entrypoint.indexOf("-cp");
    List<String> command = new ArrayList<>();
    command.add(java().toString());
    for (String flag : entrypoint.subList(1, classPath)) {
      if (flag.startsWith("@")) {
        command.add("@" + here(flag.substring(1)));
      } else if (!flag.startsWith("-XX:AOT")) {
        command.add(flag);
      }
    }
    command.addAll(flags);
    command.add("-cp");
    command.add(String.join(":", classPath().stream().map(Path::toString).toList()));
    command.addAll(entrypoint.subList(classPath + 2, entrypoint.size()));
    return command;
  }

  private Path java() throws IOException {
    for (String variable : strings(config, "Env")) {
      if (variable.startsWith("JAVA_HOME=")) {
        return here(variable.substring("JAVA_HOME=".length())).resolve("bin/java");
      }
    }
    throw new IOException("the base image sets no JAVA_HOME, so its JVM can't be found");
  }

  private Path here(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  // The string, or the strings of the array, that the first such key has.
  private static List<String> strings(String json, String key) {
    Matcher value = Pattern.compile("\"" + key + "\"\\s*:\\s*(\\[[^\\]]*\\]|\"[^\"]*\")").matcher(json);
    if (!value.find()) {
      throw new IllegalArgumentException("no " + key + " in " + json);
    }
    return QUOTED.matcher(value.group(1)).results().map(quoted -> quoted.group(1)).toList();
  }

  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
