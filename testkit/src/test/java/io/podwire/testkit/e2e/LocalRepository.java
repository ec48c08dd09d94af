package io.podwire.testkit.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * A Maven repository of its own with this build's artifacts in it, as {@code mvn install} would lay
 * them; everything else is taken from the repository of the build, so that nothing is downloaded.
 */
final class LocalRepository {
  /** What a user's project with testkit resolves: testkit's own dependencies, and the parent. */
  private static final List<String> MODULES =
      List.of("packet", "cluster", "client", "dist", "testkit");

  private static final String GROUP = "io/podwire";
  private static final String PARENT = "podwire";

  private final Path root;
  private final Path folder;
  private final String version;

  /**
   * Lays out the artifacts.
   *
   * @param root of the project, whose modules are packaged
   */
  LocalRepository(Path root, Path folder, String version) throws IOException {
    this.root = root;
    this.folder = folder;
    this.version = version;
    install(PARENT, "pom", root.resolve("pom.xml"));
    for (String module : MODULES) {
      install(module, "pom", root.resolve(module).resolve("pom.xml"));
      String jar = module + "-" + version + ".jar";
      install(module, "jar", root.resolve(module).resolve("target").resolve(jar));
    }
  }

  private void install(String artifact, String extension, Path file) throws IOException {
    Path version =
        Files.createDirectories(folder.resolve(GROUP).resolve(artifact).resolve(this.version));
    String name = artifact + "-" + this.version + "." + extension;
    Files.copy(file, version.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  Path folder() {
    return folder;
  }

  /** Settings under which Maven's central repository is the folder where the build has its own. */
  Path settings(Path buildRepository) throws IOException {
    String repository =
        """
        <id>central</id>
        <url>%s</url>
        <releases><checksumPolicy>ignore</checksumPolicy></releases>
        <snapshots><enabled>false</enabled></snapshots>
        """
            .formatted(buildRepository.toUri());
    return Files.writeString(
        folder.resolve("settings.xml"),
        """
        <settings>
          <profiles>
            <profile>
              <id>build</id>
              <repositories><repository>%1$s</repository></repositories>
              <pluginRepositories><pluginRepository>%1$s</pluginRepository></pluginRepositories>
            </profile>
          </profiles>
          <activeProfiles><activeProfile>build</activeProfile></activeProfiles>
        </settings>
        """
            .formatted(repository));
  }
}
