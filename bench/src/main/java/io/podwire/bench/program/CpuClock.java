package io.podwire.bench.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The time that all processors of the machine have been at work since it was booted, in seconds:
 * user and system time of every process and the kernel's interrupts (proc_stat(5)).
 *
 * <p>So the load generators are in it, alike for every peer, and whatever else the machine does.
 */
public final class CpuClock {
  private static final double TICKS_PER_SECOND = 100;
  private static final List<Integer> IDLE_FIELDS = List.of(3, 4);
  // Of the ten, steal is another machine's work, and guest times are in user's already.
  private static final int FIELDS = 7;

  private CpuClock() {}

  /** Busy seconds so far, of all processors together. */
  public static double busySeconds() {
    try {
      return busySeconds(Files.readAllLines(Path.of("/proc/stat")).getFirst());
    } catch (IOException failure) {
      throw new UncheckedIOException("reading /proc/stat", failure);
    }
  }

  /** As {@code /proc/stat} begins: {@code cpu user nice system idle iowait irq softirq …}. */
  static double busySeconds(String line) {
    List<String> words = List.of(line.strip().split("\\s+"));
    double ticks = 0;
    for (int field = 0; field < FIELDS; field++) {
      ticks += IDLE_FIELDS.contains(field) ? 0 : Double.parseDouble(words.get(field + 1));
    }
    return ticks / TICKS_PER_SECOND;
  }
}
