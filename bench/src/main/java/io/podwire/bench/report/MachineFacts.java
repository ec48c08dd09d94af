package io.podwire.bench.report;

import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.program.RunningProgram;
import io.podwire.bench.program.Tool;
import io.podwire.bench.program.Workbench;
import io.podwire.linux.LinuxException;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the numbers were measured on.
 *
 * @param facts kernel, processors, JDK, by name
 * @param versions of the programs that are installed
 */
public record MachineFacts(Map<String, String> facts, Map<String, String> versions) {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Looks at this machine. */
  public static MachineFacts read(Workbench bench) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("kernel", "Linux " + System.getProperty("os.version", ""));
    facts.put("architecture", System.getProperty("os.arch", ""));
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("processor", line("/proc/cpuinfo", "model name"));
    facts.put("memory", line("/proc/meminfo", "MemTotal"));
    facts.put("jdk", System.getProperty("java.vm.name", "") + " " + Runtime.version());
    Map<String, String> versions = new LinkedHashMap<>();
    for (Tool tool : Tool.values()) {
      if (tool.path().isPresent() && !tool.versionArguments().isEmpty()) {
        versions.put(tool.program(), version(bench, tool));
      }
    }
    return new MachineFacts(facts, versions);
  }

  private static String version(Workbench bench, Tool tool) {
    List<String> command = new ArrayList<>();
    command.add(tool.program());
    command.addAll(tool.versionArguments());
    try (NetworkNamespace here = NetworkNamespace.current();
        RunningProgram program = bench.start(here, command)) {
      return program.await(PATIENCE).lines().findFirst().orElse("unknown").strip();
    } catch (BenchFailure | LinuxException unwilling) {
      return "unknown";
    }
  }

  private static String line(String file, String key) {
    try {
      Optional<String> found =
          Files.readAllLines(Path.of(file)).stream()
              .filter(line -> line.startsWith(key))
              .findFirst();
      return found
          .map(line -> line.substring(line.indexOf(':') + 1).strip().replaceAll("\\s+", " "))
          .orElse("unknown");
    } catch (IOException unreadable) {
      return "unknown";
    }
  }
}
