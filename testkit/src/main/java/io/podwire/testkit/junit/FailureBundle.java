package io.podwire.testkit.junit;

import io.podwire.testkit.cluster.Cluster;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a failed test leaves for who looks at it. */
final class FailureBundle {
  /** The system property with the folder of all bundles. */
  static final String PROPERTY = "podwire.evidence";

  /** The report entry with the folder's path. */
  static final String ENTRY = "podwire.evidence";

  private static final Pattern INVOCATION = Pattern.compile("invocation:#(\\d+)");

  private FailureBundle() {}

  /** Writes it and tells its path; a failure to do so only adds to the test's. */
  static void write(ExtensionContext context, Cluster cluster, Throwable failure) {
    Path folder = folder(context).toAbsolutePath();
    try {
      clear(folder);
      Files.createDirectories(folder);
      StringWriter trace = new StringWriter();
      failure.printStackTrace(new PrintWriter(trace));
      Files.writeString(folder.resolve("exception.txt"), trace.toString());
      cluster.writeEvidence(folder);
    } catch (IOException | RuntimeException incomplete) {
      failure.addSuppressed(incomplete);
    }
    System.out.println(
        "podwire: " + context.getDisplayName() + " failed; logs, state, captures: " + folder);
    context.publishReportEntry(ENTRY, folder.toString());
  }

  /** {@code target/podwire/CLASS/METHOD}, with a number where a method has several invocations. */
  static Path folder(ExtensionContext context) {
    String root = System.getProperty(PROPERTY, "target/podwire");
    String method =
        context.getTestMethod().map(found -> found.getName()).orElse("class")
            + invocation(context.getUniqueId());
    return Path.of(root, context.getRequiredTestClass().getName(), method);
  }

  private static String invocation(String uniqueId) {
    Matcher matcher = INVOCATION.matcher(uniqueId);
    return matcher.find() ? "-" + matcher.group(1) : "";
  }

  private static void clear(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("clearing " + folder, failure);
    }
  }
}
