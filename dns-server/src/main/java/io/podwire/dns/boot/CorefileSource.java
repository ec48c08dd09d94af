package io.podwire.dns.boot;

import io.podwire.dns.corefile.Corefile;
import io.podwire.dns.corefile.Problems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the Corefile comes from: a file, or a text that never changes.
 *
 * @param path null where it is a text
 * @param text what a file said when it was looked at first
 */
record CorefileSource(@Nullable Path path, String text, Map<String, String> environment) {

  /**
   * A file as it is now.
   *
   * @throws IOException if it cannot be read
   */
  static CorefileSource of(Path path, Map<String, String> environment) throws IOException {
    return new CorefileSource(path, Files.readString(path), environment);
  }

  /** What it says now. */
  String now() throws IOException {
    return path == null ? text : Files.readString(path);
  }

  /** Reads a text as if the source said it. */
  Corefile read(String content, Problems problems) {
    Path folder = path == null ? null : path.toAbsolutePath().getParent();
    return Corefile.read(
        content, path == null ? "Corefile" : path.toString(), folder, environment, problems);
  }

  /** A hash of what it says now, imported files included. */
  String hash() throws IOException {
    return hashOf(now());
  }

  /** The hash of a text as if the source said it; imported files count as they are now. */
  String hashOf(String content) {
    StringBuilder all = new StringBuilder(content);
    for (Path each : read(content, new Problems()).sources()) {
      try {
        all.append('\n').append(Files.readString(each));
      } catch (IOException e) {
        // Gone since: not what it was.
        all.append('\n').append(e);
      }
    }
    return hash(all.toString());
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-512").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-512", e);
    }
  }
}
