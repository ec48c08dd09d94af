package io.podwire.bench.comparison;

import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import io.podwire.bench.micro.ServiceCosts;
import io.podwire.bench.program.BenchFailure;
import io.podwire.bench.report.Grid;
import io.podwire.linux.NetworkNamespace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Services cost a node in each mode of balancing, by their number: linear where rules are
 * evaluated one after the other, flat where a hash finds them; the work is counted beside the time.
 */
public final class ServicesChapter implements Chapter {

  /** The modes, and the letters of rows' ids. */
  public static final List<String> MODES =
      List.of("iptables", "ipvs/rr", "nftables", "userspace", "maglev");

  private static final List<String> SIZES = List.of("10", "100", "1000", "5000", "20000");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final double LINEAR = 0.9 * 20_000 / 1000;
  private static final double FLAT = 1.01;

  private static final Map<String, String> NAMES =
      Map.of(
          "first", "first packet of a connection",
          "rules", "rules or look-ups for a first packet",
          "established", "packet of an established flow",
          "established-rules", "rules or look-ups for packets of an established flow",
          "update", "change of one Service",
          "after-update", "first packet to a Service that has changed",
          "sync", "all Services at once");

  @Override
  public Topic topic() {
    return Topic.SERVICES;
  }

  @Override
  public void measure(Session session) {
    Map<String, String> modes = new LinkedHashMap<>();
    MODES.forEach(mode -> modes.put(mode, mode));
    // By mode and column, the values of all rounds by size.
    Map<String, Map<String, List<Double>>> values = new LinkedHashMap<>();
    Rounds.of(
        session,
        "Services",
        modes,
        mode -> {
          collect(mode, run(session, mode), values);
          return mode;
        });
    for (String column : ServiceCosts.COLUMNS) {
      List<String> names = new ArrayList<>();
      List<Row> rows = new ArrayList<>();
      for (String mode : MODES) {
        Map<String, List<Double>> bySize = values.get(mode + " " + column);
        if (bySize != null) {
          names.add(mode);
          rows.add(row(mode, column, bySize));
        }
      }
      if (!rows.isEmpty()) {
        session.findings().add(new Grid("Services: " + NAMES.get(column), names, rows));
      }
    }
  }

  private static Row row(String mode, String column, Map<String, List<Double>> bySize) {
    List<Series> series = new ArrayList<>();
    bySize.forEach((size, samples) -> series.add(new Series(size, Samples.of(samples))));
    String unit = column.endsWith("rules") ? "rules" : "ns";
    String id = "services-" + column + "-" + mode.replace('/', '-');
    Row row = Row.of(id, "Services, " + mode + ", " + NAMES.get(column), unit, series);
    return switch (column) {
      case "rules" -> {
        // Of 10 Services a rule more or less is a tenth: the line shows from 1000 on.
        Target target = mode.equals("iptables") ? Target.atLeast(LINEAR) : Target.atMost(FLAT);
        yield row.compared("20000", "1000", Optional.of(target));
      }
      case "established-rules" -> row.bounded("20000", Target.atMost(0));
      default -> row.compared("20000", "1000", Optional.empty());
    };
  }

  /** The grids that {@code --plot} draws. */
  public static List<Grid> plotted(List<Grid> grids) {
    List<String> drawn = List.of("rules", "first", "established", "update");
    List<Grid> found = new ArrayList<>();
    for (String column : drawn) {
      grids.stream()
          .filter(grid -> grid.title().equals("Services: " + NAMES.get(column)))
          .forEach(found::add);
    }
    return found;
  }

  private static String run(Session session, String mode) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx768m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ServiceCosts.class.getName(), mode));
    command.addAll(SIZES);
    try (NetworkNamespace here = NetworkNamespace.current()) {
      return session.bench().run(here, command, PATIENCE);
    }
  }

  private static void collect(
      String mode, String output, Map<String, Map<String, List<Double>>> values) {
    for (String line : output.strip().split("\n")) {
      String[] words = line.split(" ");
      if (words.length != ServiceCosts.COLUMNS.size() + 1) {
        throw new BenchFailure("ServiceCosts has printed: " + line);
      }
      for (int i = 1; i < words.length; i++) {
        values
            .computeIfAbsent(
                mode + " " + ServiceCosts.COLUMNS.get(i - 1), key -> new LinkedHashMap<>())
            .computeIfAbsent(words[0], size -> new ArrayList<>())
            .add(Double.valueOf(words[i]));
      }
    }
  }
}
