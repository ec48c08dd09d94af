package io.podwire.bench.micro;

import io.podwire.bench.program.BenchFailure;
import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs the micro-benchmarks, each in a JVM of its own with the JDK's own compilers, whatever
 * options this one has.
 */
public final class MicroBenchmarks {
  private static final List<String> JVM_OPTIONS =
      List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx512m");
  private static final int WARM_UPS = 3;
  private static final int FORKS = 2;

  private MicroBenchmarks() {}

  /** Runs those whose name contains the text and prints JMH's own report. */
  public static void print(String part, int iterations) {
    ChainedOptionsBuilder options = options(part).forks(FORKS).measurementIterations(iterations);
    if (run(options.build()).isEmpty()) {
      throw new BenchFailure("no micro-benchmark has '" + part + "' in its name");
    }
  }

  /** Nanoseconds of one lookup among so many Services, of which so many are asked for in turn. */
  public static double serviceLookup(int services, int asked) {
    Options options =
        options(ServiceLookup.class.getSimpleName())
            .param("services", String.valueOf(services))
            .param("asked", String.valueOf(asked))
            .forks(1)
            .measurementIterations(WARM_UPS)
            .verbosity(VerboseMode.SILENT)
            .build();
    return run(options).iterator().next().getPrimaryResult().getScore();
  }

  private static ChainedOptionsBuilder options(String part) {
    return new OptionsBuilder()
        .include(part)
        .jvmArgs(JVM_OPTIONS.toArray(String[]::new))
        .warmupIterations(WARM_UPS)
        .warmupTime(TimeValue.milliseconds(500))
        .measurementTime(TimeValue.milliseconds(500))
        .shouldFailOnError(true);
  }

  private static Collection<RunResult> run(Options options) {
    try {
      return new Runner(options).run();
    } catch (RunnerException failure) {
      throw new BenchFailure("JMH: " + failure.getMessage(), failure);
    }
  }
}
