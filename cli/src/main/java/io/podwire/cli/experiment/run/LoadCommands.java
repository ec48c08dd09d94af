package io.podwire.cli.experiment.run;

import io.podwire.cli.experiment.plan.Workload;
import io.podwire.cluster.fault.GoDuration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The programs that make workloads' requests. */
final class LoadCommands {
  private static final double FASTEST_PING = 500;

  private LoadCommands() {}

  static List<String> of(Workload workload) {
    if (workload.type() == Workload.Type.PING) {
      return List.of(
          "ping", "-n", "-D", "-O", "-i", number(interval(workload)), workload.target().getFirst());
    }
    List<String> command =
        new ArrayList<>(
            List.of(
                "agnhost",
                "load",
                "--type=" + workload.type().name().toLowerCase(Locale.ROOT),
                "--rate=" + number(workload.rate()),
                "--concurrency=" + workload.concurrency(),
                "--timeout=" + GoDuration.format(workload.timeout())));
    option(command, "--send=", workload.send());
    option(command, "--expect=", workload.expect());
    if (workload.type() == Workload.Type.DNS) {
      command.add("--record=" + workload.recordType());
    }
    command.add("--");
    command.addAll(workload.target());
    return command;
  }

  /** Seconds between two pings. */
  static double interval(Workload workload) {
    return 1 / (workload.rate() > 0 ? Math.min(workload.rate(), FASTEST_PING) : FASTEST_PING);
  }

  private static void option(List<String> command, String option, String value) {
    if (!value.isEmpty()) {
      command.add(option + value);
    }
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.6f", value).replaceFirst("\\.?0+$", "");
  }
}
