package io.podwire.agent.pod;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Java that runs Podwire's own programs: many of them beside each other, so they start fast and
 * stay small.
 *
 * <p>An AOT cache (JEP 483, 514) holds a program's classes loaded and linked; it is made once after
 * a build, by a run of the program. The launcher makes them anew where the jars are newer.
 * Immutable.
 *
 * @param classpath of every program; a cache holds for this one alone
 * @param caches the folder of the caches, {@code PROGRAM.aot}; null for none
 * @param recording whether programs make the caches, rather than use them
 */
public record JavaRuntime(String classpath, @Nullable Path caches, boolean recording) {

  /** What every program is run with, whatever it needs besides. */
  public static final List<String> OPTIONS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseSerialGC",
          "-Xss256k",
          // What the compilers have needed for the start goes back to the kernel (in milliseconds).
          "-XX:TrimNativeHeapInterval=5000",
          // No file of its own in /tmp.
          "-XX:-UsePerfData",
          // A cache that does not fit is left aside without a word.
          "-Xlog:disable",
          "-Xlog:all=error,aot*=off,cds*=off:stderr",
          "-XX:+UnlockDiagnosticVMOptions",
          // A cache that lies where it was made is shared with all processes, page by page.
          "-XX:ArchiveRelocationMode=0",
          // What was hot in the run that made a cache is compiled when it is hot here, not at once.
          "-XX:-AOTReplayTraining",
          "-XX:-AOTRecordTraining",
          // Spares a look into every jar.
          "-Dslf4j.internal.verbosity=WARN",
          "-Dslf4j.provider=ch.qos.logback.classic.spi.LogbackServiceProvider",
          // A start is over before most of it is worth compiling.
          "-XX:Tier3InvocationThreshold=1000",
          "-XX:Tier3MinInvocationThreshold=500",
          "-XX:Tier3CompileThreshold=4000");

  /** The environment's variable of further options, for whoever looks at a cluster from inside. */
  public static final String MORE_OPTIONS = "PODWIRE_JVM_OPTIONS";

  /** For programs without a hot path: the first compiler only. */
  public static final String FIRST_COMPILER = "-XX:TieredStopAtLevel=1";

  /** Caches that are there, or none. */
  public static JavaRuntime of(String classpath, @Nullable Path caches) {
    return new JavaRuntime(classpath, caches, false);
  }

  /** The further options of an environment, separated by blanks. */
  public static List<String> moreOptions(Map<String, String> environment) {
    String options = environment.getOrDefault(MORE_OPTIONS, "").strip();
    return options.isEmpty() ? List.of() : List.of(options.split("\\s+"));
  }

  /** The path of the java program that runs this one. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /** The options about the cache of a program; empty where it has none. */
  public List<String> cacheOptions(String program) {
    if (caches == null) {
      return List.of();
    }
    Path cache = caches.resolve(program + ".aot");
    if (recording) {
      return List.of("-XX:AOTCacheOutput=" + cache);
    }
    return Files.exists(cache) ? List.of("-XX:AOTCache=" + cache) : List.of();
  }

  /** The start of a command line, up to the program's own arguments. */
  List<String> command(String program, String mainClass, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(OPTIONS);
    command.addAll(options);
    command.addAll(moreOptions(System.getenv()));
    command.addAll(cacheOptions(program));
    command.add("-cp");
    command.add(classpath);
    command.add(mainClass);
    return command;
  }
}
