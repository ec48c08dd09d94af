package io.podwire.bench.micro;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.RunningProgram;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs the micro-benchmarks with JMH's own command line, in JVMs with the JDK's own compilers,
 * whatever options this one has.
 */
public final class MicroBenchmarks {
  // JMH 1.37 measures object fields with what newer JDKs warn of.
  private static final String QUIET = "--sun-misc-unsafe-memory-access=allow";
  private static final String JVM_OPTIONS =
      QUIET + " --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xmx512m";
  private static final String ITERATION = "500ms";
  private static final int WARM_UPS = 3;
  private static final int FORKS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private MicroBenchmarks() {}

  /** Runs those whose name contains the text and has JMH print its own report; its exit code. */
  public static int print(String part, int iterations) {
    List<String> command = command(FORKS, iterations);
    command.add(part);
    try {
      return new ProcessBuilder(command).inheritIO().start().waitFor();
    } catch (IOException failure) {
      throw new BenchFailure("JMH cannot be started: " + failure.getMessage(), failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new BenchFailure("interrupted", stopped);
    }
  }

  /** Nanoseconds of one lookup among so many Services, of which so many are asked for in turn. */
  public static double serviceLookup(Workbench bench, int services, int asked) {
    Path file = bench.folder("jmh").resolve("result.json");
    List<String> command = command(1, WARM_UPS);
    command.addAll(List.of("-rf", "json", "-rff", file.toString()));
    command.addAll(List.of("-p", "services=" + services, "-p", "asked=" + asked));
    command.add(ServiceLookup.class.getSimpleName());
    try (NetworkNamespace here = NetworkNamespace.current();
        RunningProgram jmh = bench.start(here, command, Map.of())) {
      jmh.await(PATIENCE);
      return new JsonMapper()
          .readTree(Files.readString(file))
          .at("/0/primaryMetric/score")
          .asDouble();
    } catch (IOException failure) {
      throw new BenchFailure("JMH has left no result", failure);
    }
  }

  private static List<String> command(int forks, int iterations) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // Otherwise a lock file stays in the folder for temporary files.
    command.addAll(List.of(QUIET, "-Djmh.ignoreLock=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("org.openjdk.jmh.Main", "-foe", "true", "-jvmArgs", JVM_OPTIONS));
    command.addAll(List.of("-f", String.valueOf(forks), "-i", String.valueOf(iterations)));
    command.addAll(List.of("-wi", String.valueOf(WARM_UPS), "-w", ITERATION, "-r", ITERATION));
    return command;
  }
}
