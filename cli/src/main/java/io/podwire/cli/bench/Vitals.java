package io.podwire.cli.bench;

import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a JVM holds at one moment.
 *
 * @param heap what is left of it after a collection, in MiB
 * @param direct memory that its program took outside of the heap, in MiB
 * @param resident all of it, in MiB
 * @param files open descriptors
 */
record Vitals(double heap, double direct, double resident, double files, double threads) {
  /** Without it the JVM does not say what lies outside of the heap. */
  static final String JVM_OPTION = "-XX:NativeMemoryTracking=summary";

  private static final double KIB_PER_MIB = 1024;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Pattern GENERATION = Pattern.compile("total \\d+K, used (\\d+)K");
  private static final Pattern DIRECT =
      Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");

  /** The JDK's program that asks. */
  static Path jcmd() {
    return Path.of(System.getProperty("java.home"), "bin", "jcmd");
  }

  /** Of a running JVM, after a full collection. */
  static Vitals of(Workbench bench, long pid) {
    ask(bench, pid, "GC.run");
    double heap = heap(ask(bench, pid, "GC.heap_info"));
    double direct = direct(ask(bench, pid, "VM.native_memory", "summary"));
    return new Vitals(
        heap, direct, ProcessMemory.of(pid).resident(), count(pid, "fd"), count(pid, "task"));
  }

  private static String ask(Workbench bench, long pid, String... question) {
    List<String> command =
        Stream.concat(Stream.of(jcmd().toString(), String.valueOf(pid)), Stream.of(question))
            .toList();
    try (NetworkNamespace here = NetworkNamespace.current()) {
      return bench.run(here, command, PATIENCE);
    }
  }

  static double heap(String heapInfo) {
    double kib =
        GENERATION
            .matcher(heapInfo)
            .results()
            .mapToDouble(generation -> Double.parseDouble(generation.group(1)))
            .sum();
    if (kib == 0) {
      throw new BenchFailure("jcmd GC.heap_info names no generation: " + heapInfo);
    }
    return kib / KIB_PER_MIB;
  }

  static double direct(String nativeMemory) {
    Matcher other = DIRECT.matcher(nativeMemory);
    if (!other.find()) {
      throw new BenchFailure("jcmd VM.native_memory has no line 'Other': " + nativeMemory);
    }
    return Double.parseDouble(other.group(1)) / KIB_PER_MIB;
  }

  private static double count(long pid, String folder) {
    try (Stream<Path> entries = Files.list(Path.of("/proc/" + pid + "/" + folder))) {
      return entries.count();
    } catch (IOException gone) {
      throw new BenchFailure("process " + pid + " cannot be looked at", gone);
    }
  }
}
