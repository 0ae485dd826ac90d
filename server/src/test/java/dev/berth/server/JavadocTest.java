package dev.berth.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.DocumentationTool;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every public type and member says what it is, in Javadoc without errors. */
final class JavadocTest {
  // A first sentence that says what is returned needs no tag that says it again.
  private static final Set<String> MAY_LACK =
      Set.of("no @return", "no @param", "no @throws", "use of default constructor");

  @TempDir Path folder;

  @Test
  void everythingPublicIsDocumented() throws Exception {
    DocumentationTool javadoc = ToolProvider.getSystemDocumentationTool();
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    boolean written;
    try (StandardJavaFileManager files = javadoc.getStandardFileManager(said, Locale.ROOT, null);
        Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      files.setLocationFromPaths(DocumentationTool.Location.DOCUMENTATION_OUTPUT, List.of(folder));
      List<Path> all = sources.filter(path -> path.toString().endsWith(".java")).toList();
      List<String> options = List.of("-quiet", "-Xdoclint:all", "-protected", "-Xmaxwarns", "1000");
      written =
          javadoc
              .getTask(null, files, said, null, options, files.getJavaFileObjectsFromPaths(all))
              .call();
    }
    List<String> wrong = new ArrayList<>();
    for (Diagnostic<? extends JavaFileObject> diagnostic : said.getDiagnostics()) {
      String message = diagnostic.getMessage(Locale.ROOT);
      if (diagnostic.getSource() != null && isWrong(message) && !isPrivate(diagnostic)) {
        String file = Path.of(diagnostic.getSource().getName()).getFileName().toString();
        wrong.add(file + ":" + diagnostic.getLineNumber() + " " + message);
      }
    }
    assertThat(wrong).isEmpty();
    // What belongs to no file, such as an option that can't be followed, fails it as well.
    assertThat(written).as(said.getDiagnostics().toString()).isTrue();
  }

  private static boolean isWrong(String message) {
    return MAY_LACK.stream().noneMatch(message::contains);
  }

  // Fields of exceptions, which the page about serialized forms would show.
  private static boolean isPrivate(Diagnostic<? extends JavaFileObject> diagnostic)
      throws Exception {
    JavaFileObject source = Objects.requireNonNull(diagnostic.getSource());
    String line =
        source
            .getCharContent(true)
            .toString()
            .lines()
            .toList()
            .get((int) diagnostic.getLineNumber() - 1);
    return line.strip().startsWith("private ");
  }
}
