package io.podwire.testkit.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The project's sources as they lie on disk. */
final class SourceTree {

  private SourceTree() {}

  /** The folder that holds every module, found from wherever the tests were started. */
  static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!isRoot(folder)) {
      folder = folder.getParent();
      if (folder == null) {
        throw new AssertionError(
            "no folder above " + Path.of("").toAbsolutePath() + " holds all modules");
      }
    }
    return folder;
  }

  private static boolean isRoot(Path folder) {
    return Stream.of(Module.values())
        .allMatch(module -> Files.exists(folder.resolve(module.folder()).resolve("pom.xml")));
  }

  /** Every Java file of a module below this folder of its sources, such as {@code src/main}. */
  static List<Path> javaFiles(Module module, String sources) {
    Path folder = root().resolve(module.folder()).resolve(sources);
    return Files.isDirectory(folder) ? javaFiles(folder) : List.of();
  }

  private static List<Path> javaFiles(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every Java file of the project, tests and the example included. */
  static List<Path> javaFiles() {
    List<Path> files = new ArrayList<>();
    for (Module module : Module.values()) {
      files.addAll(javaFiles(module, "src/main"));
      files.addAll(javaFiles(module, "src/test"));
    }
    files.addAll(javaFiles(root().resolve("examples/junit-shop/src")));
    return files;
  }
}
