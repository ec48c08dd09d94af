package io.podwire.dist;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The program folder as one ZIP archive, named by its version and a hash of what it holds.
 *
 * @param name of the unpacked folder: equal names hold equal files
 * @param content opens the archive
 */
record ProgramArchive(String name, Callable<InputStream> content) {
  private static final String ARCHIVE = "podwire.zip";
  private static final String NAMES = "podwire.properties";
  private static final String UNPACKING = ".unpacking-";
  // Whoever is still at work after this long is not.
  private static final Duration ABANDONED = Duration.ofHours(1);
  private static final int HASH_DIGITS = 12;

  /** The archive of this artifact. */
  static ProgramArchive bundled() {
    Properties names = new Properties();
    try (InputStream in = ProgramArchive.class.getResourceAsStream(NAMES)) {
      if (in == null) {
        throw new DistributionUnavailable(
            "there are no programs in "
                + ProgramArchive.class.getProtectionDomain().getCodeSource().getLocation()
                + ": they are packed by 'mvn package'. Set "
                + Distribution.LOCATION
                + " to the folder of a Podwire that is there",
            null);
      }
      names.load(in);
    } catch (IOException unreadable) {
      throw new DistributionUnavailable(NAMES + " cannot be read: " + unreadable, unreadable);
    }
    String name =
        names.getProperty("version") + "-" + names.getProperty("content").substring(0, HASH_DIGITS);
    return new ProgramArchive(
        name,
        () -> {
          InputStream in = ProgramArchive.class.getResourceAsStream(ARCHIVE);
          if (in == null) {
            throw new IOException(ARCHIVE + " is missing in the artifact");
          }
          return in;
        });
  }

  /**
   * The folder with the unpacked files, made where it is not there. It appears whole or not at all.
   *
   * @throws DistributionUnavailable if it cannot be made
   */
  Path unpackedBelow(Path cache) {
    Path folder = cache.resolve(name);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    try {
      Files.createDirectories(cache);
      removeAbandoned(cache);
      Path unpacking = Files.createTempDirectory(cache, UNPACKING);
      try {
        unpack(unpacking);
        // Others may be let in by the umask; a temporary folder never lets anybody.
        Files.setPosixFilePermissions(
            unpacking, Files.getPosixFilePermissions(unpacking.resolve("bin")));
        publish(unpacking, folder);
      } finally {
        remove(unpacking);
      }
    } catch (IOException failure) {
      throw new DistributionUnavailable(
          "Podwire's programs cannot be unpacked into "
              + folder
              + ": "
              + reason(failure)
              + ". Set "
              + Distribution.LOCATION
              + " to a folder of your own with 250 MB to spare, or to a Podwire that is there",
          failure);
    }
    return folder;
  }

  private void unpack(Path into) throws IOException {
    try (ZipInputStream zip = new ZipInputStream(open())) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path file = into.resolve(entry.getName()).normalize();
        if (!file.startsWith(into)) {
          throw new IOException("the archive holds " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(file);
          continue;
        }
        Files.createDirectories(file.resolveSibling(""));
        Files.copy(zip, file);
        if (file.startsWith(into.resolve("bin"))) {
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
      }
    }
  }

  private InputStream open() throws IOException {
    try {
      return content.call();
    } catch (IOException unreadable) {
      throw unreadable;
    } catch (Exception unexpected) {
      throw new IOException(unexpected);
    }
  }

  /** Renames; where another JVM was faster, its files are the same. */
  private static void publish(Path unpacked, Path folder) throws IOException {
    try {
      Files.move(unpacked, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException taken) {
      if (!Files.isDirectory(folder)) {
        throw taken;
      }
    }
  }

  /** What a JVM left that was killed while it unpacked. */
  private static void removeAbandoned(Path cache) {
    Instant limit = Instant.now().minus(ABANDONED);
    try (Stream<Path> folders = Files.list(cache)) {
      for (Path folder : folders.filter(each -> isAbandoned(each, limit)).toList()) {
        remove(folder);
      }
    } catch (IOException | UncheckedIOException anotherIsAtIt) {
      // Nothing depends on it.
    }
  }

  private static boolean isAbandoned(Path folder, Instant limit) {
    try {
      return folder.getFileName().toString().startsWith(UNPACKING)
          && Files.getLastModifiedTime(folder).toInstant().isBefore(limit);
    } catch (IOException gone) {
      return false;
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> paths;
    try (Stream<Path> tree = Files.walk(folder)) {
      paths = tree.sorted((one, other) -> other.compareTo(one)).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }

  private static String reason(IOException failure) {
    if (failure instanceof AccessDeniedException) {
      return failure.getMessage() + " is not writable by " + System.getProperty("user.name");
    }
    if (failure instanceof FileSystemException file && file.getReason() != null) {
      return file.getFile() + ": " + file.getReason();
    }
    return failure.getMessage() != null ? failure.getMessage() : failure.toString();
  }
}
