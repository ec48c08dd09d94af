package io.podwire.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Kernel settings by their dotted names (sysctl(8)); those below {@code net} are the ones of the
 * calling thread's network namespace.
 */
public final class Sysctl {

  private static final Path ROOT = Path.of("/proc/sys");

  private Sysctl() {}

  /** Sets a value; one that cannot be set is an error. */
  public static void write(String name, String value) {
    try {
      // Not Files.writeString: it would truncate first, which /proc takes for a write of its own.
      try (var out = Files.newOutputStream(path(name), StandardOpenOption.WRITE)) {
        out.write(value.getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("sysctl " + name + "=" + value + " refused by the kernel", e);
    }
  }

  /** As {@link #write}, where the kernel knows the name; says whether it does. */
  public static boolean writeIfPresent(String name, String value) {
    if (!Files.exists(path(name))) {
      return false;
    }
    write(name, value);
    return true;
  }

  public static String read(String name) {
    try {
      return Files.readString(path(name)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("sysctl " + name + " cannot be read", e);
    }
  }

  private static Path path(String name) {
    return ROOT.resolve(name.replace('.', '/'));
  }
}
