import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Class files of Java 5 written again as those of Java 8: the same code, with the stack maps that a JVM needs to keep a class in
 * its AOT cache. picocli comes as Java 5, and took a third of a second to load from its jar.
 */
final class ModernClasses {
  private static final int JAVA_6 = 50;

  private ModernClasses() {}

  /** Rewrites the old classes in a jar, which keeps its time; whether there are any. */
  static boolean rewrite(Path jar) throws IOException {
    FileTime time = Files.getLastModifiedTime(jar);
    boolean changed = false;
    try (var loader = new URLClassLoader(new URL[] {jar.toUri().toURL()});
        FileSystem content = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of());
        Stream<Path> files = Files.walk(content.getPath("/"))) {
      List<Path> classes = files.filter(file -> file.toString().endsWith(".class")).toList();
      ClassFile format =
          ClassFile.of(
              StackMapsOption.GENERATE_STACK_MAPS,
              ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(loader)));
      for (Path file : classes) {
        ClassModel model = format.parse(Files.readAllBytes(file));
        if (model.majorVersion() < JAVA_6) {
          FileTime entry = Files.getLastModifiedTime(file);
          Files.write(file, format.transformClass(model, modern()));
          Files.setLastModifiedTime(file, entry);
          changed = true;
        }
      }
    }
    Files.setLastModifiedTime(jar, time);
    return changed;
  }

  private static ClassTransform modern() {
    return ClassTransform.transformingMethodBodies((code, element) -> code.with(element))
        .andThen(ClassTransform.endHandler(type -> type.withVersion(ClassFile.JAVA_8_VERSION, 0)));
  }
}
