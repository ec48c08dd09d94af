package io.podwire.testkit.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The other tests of this package mean nothing if classes are missing: none may be. */
class ImportedClassesTest {

  private static final int AT_LEAST = 200;

  @Test
  void shouldSeeTheWholeProject() {
    assertThat(ProjectClasses.written()).hasSizeGreaterThan(AT_LEAST);
  }

  @ParameterizedTest
  @EnumSource
  void shouldSeeAClassForEverySourceFile(Module module) {
    Path root = SourceTree.root().resolve(module.folder()).resolve("src/main/java");
    List<String> missing = new ArrayList<>();
    List<Path> files = SourceTree.javaFiles(module, "src/main/java");
    for (Path file : files) {
      String path = root.relativize(file).toString();
      String name = path.substring(0, path.length() - ".java".length()).replace('/', '.');
      if (!ProjectClasses.of(module).contain(name)) {
        missing.add(name);
      }
    }

    assertThat(files).isNotEmpty();
    assertThat(missing).as("source files without an imported class").isEmpty();
  }
}
