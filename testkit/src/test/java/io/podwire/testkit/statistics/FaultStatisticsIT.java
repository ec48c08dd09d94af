package io.podwire.testkit.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.podwire.testkit.e2e.Leftovers;
import io.podwire.testkit.e2e.PodwireCommand;
import io.podwire.testkit.e2e.Tools;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What faults do to 100,000 packets and more of each model, between two nodes, as a sender and a
 * receiver in Pods see it that know nothing of them.
 *
 * <p>First those run side by side, one stream and fault each, of which packets are counted, then
 * those whose delays are judged; one stream of each run has no fault and says what the path does by
 * itself. Tests are at the level 0.001. Where the host was too slow for a judgement the run is
 * repeated, and if it still was, its tests fail as inconclusive.
 */
class FaultStatisticsIT {

  private static final double MEAN_ERROR = 0.5e6;
  private static final double P99_ERROR = 3e6;
  private static final long LATENCY = 20_000_000;
  private static final long REORDER_LATENCY = 100_000_000;
  private static final double JITTER = 100e6;
  private static final double RATE_ERROR = 0.02;
  private static final long RATE_NANOS = 30_000_000_000L;
  private static final int HEADERS = 14 + 20 + 8;
  private static final double SAME_CLOCK = 1e6;

  private static final String PODS =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: sender, labels: {app: sender}}
      spec: {nodeName: node-1, containers: [{name: main, image: podwire/pause}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: receiver, labels: {app: receiver}}
      spec: {nodeName: node-2, containers: [{name: main, image: podwire/pause}]}
      """;

  @TempDir static Path scratch;

  private static final List<String> FIGURES = new ArrayList<>();
  private static Optional<PodwireCommand> cluster = Optional.empty();
  private static Leftovers leftovers;
  private static Trial counted;
  private static Trial timed;
  private static String receiver = "";

  @BeforeAll
  static void run() throws Exception {
    Tools.assumeRoot();
    PodwireCommand podwire = new PodwireCommand(scratch);
    leftovers = new Leftovers(podwire.home());
    cluster = Optional.of(podwire);
    Path pods = Files.writeString(scratch.resolve("pods.yaml"), PODS);
    podwire.run("up", "--nodes", "2", "-f", pods.toString()).succeeded();
    receiver =
        new ObjectMapper()
            .readTree(podwire.run("get", "pod", "receiver", "-o", "json").succeeded().out())
            .at("/status/podIP")
            .asText();
    counted = trial("counted", models(false));
    timed = trial("timed", models(true));
  }

  private static Set<Model> models(boolean isTimed) {
    EnumSet<Model> models = EnumSet.allOf(Model.class);
    models.removeIf(model -> model.isTimed() != isTimed || model == Model.WARM_UP);
    return models;
  }

  private static Trial trial(String name, Set<Model> models) throws Exception {
    Trial first = Trial.run(cluster.orElseThrow(), receiver, scratch, name, models);
    if (first.overload().isEmpty()) {
      return first;
    }
    FIGURES.add(name + ", first run: " + first.overload());
    return Trial.run(cluster.orElseThrow(), receiver, scratch, name + "-again", models);
  }

  @AfterAll
  static void stop() throws Exception {
    if (cluster.isPresent()) {
      leftovers.observe();
      cluster.get().run("down").succeeded();
      Files.write(Path.of("target", "fault-statistics.txt"), FIGURES);
      assertThat(leftovers.remaining()).isEmpty();
    }
  }

  private static Trial conclusive(Model model) {
    Trial trial = model.isTimed() ? timed : counted;
    if (!trial.overload().isEmpty()) {
      fail("inconclusive: the host was overloaded: " + String.join("; ", trial.overload()));
    }
    return trial;
  }

  private static Arrivals arrivals(Model model) {
    return Objects.requireNonNull(conclusive(model).arrivals().get(model));
  }

  private static JsonNode receipt(Model model) {
    return Objects.requireNonNull(conclusive(model).receipts().get(model));
  }

  private static int affected(Model model, String cause) {
    return receipt(model).path("affected").path(cause).asInt();
  }

  private static void note(Model model, String format, Object... values) {
    FIGURES.add(model.fault() + ": " + String.format(Locale.ROOT, format, values));
  }

  private static double pathMedian() {
    return Quantiles.of(arrivals(Model.TIMED_PATH).oneWayNanos()).at(0.5);
  }

  /** Otherwise no time between the two programs would mean anything. */
  @Test
  void shouldReadOneClockInBothPods() {
    Quantiles path = Quantiles.of(arrivals(Model.TIMED_PATH).oneWayNanos());
    note(
        Model.TIMED_PATH,
        "least %.3f ms, median %.3f, mean %.3f, p99 %.3f, largest %.3f",
        path.least() / 1e6,
        path.at(0.5) / 1e6,
        path.mean() / 1e6,
        path.at(0.99) / 1e6,
        path.at(1) / 1e6);

    assertThat((double) path.least()).isBetween(0.0, SAME_CLOCK);
  }

  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"PATH", "TIMED_PATH", "WARM_UP"})
  void shouldHaveAReceiptThatConfirms(Model model) {
    note(model, "%s", receipt(model).path("verdictMessage").asText());

    assertThat(receipt(model).path("matched").asInt())
        .as("%s", receipt(model))
        .isEqualTo(arrivals(model).sent());
    assertThat(receipt(model).path("verdict").asText())
        .as("%s", receipt(model))
        .isEqualTo("confirmed");
  }

  /** Whatever is missing was lost by the fault, and whatever is there is whole and once there. */
  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"WARM_UP", "CORRUPT", "DUPLICATE"})
  void shouldAccountForEveryPacket(Model model) {
    Arrivals arrivals = arrivals(model);
    int lost = model.hasFault() ? affected(model, "lost") + affected(model, "limited") : 0;

    assertThat(arrivals.missing().cardinality()).as("missing").isEqualTo(lost);
    assertThat(arrivals.repeated()).as("repeated").isZero();
    assertThat(arrivals.damaged()).as("damaged").isZero();
  }

  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      names = {"LOSS", "LOSS_OTHERWISE", "CORRELATED_LOSS", "GILBERT_ELLIOTT", "FOUR_STATES"})
  void shouldLoseAsManyAsItsLawSays(Model model) {
    LossLaw law = law(model);

    double sigmas =
        GoodnessOfFit.expectShare(
            arrivals(model).missing().cardinality(), Trial.PACKETS, law.share(), law.inflation());

    note(
        model,
        "lost %.3f %% of %d, %.3f %% expected, %.2f standard deviations",
        100.0 * arrivals(model).missing().cardinality() / Trial.PACKETS,
        Trial.PACKETS,
        100 * law.share(),
        sigmas);
  }

  /** Of 5 % independent losses all bursts but a few have one packet: nothing to compare. */
  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      names = {"CORRELATED_LOSS", "GILBERT_ELLIOTT", "FOUR_STATES"})
  void shouldLoseInBurstsOfItsLawsLengths(Model model) {
    int longest = 200;
    long[] counts = burstLengths(arrivals(model).missing(), longest);
    double[] expected = law(model).bursts(longest);

    double ofBound = GoodnessOfFit.expectLengths(counts, length -> expected[(int) length]);

    note(model, "%d bursts, chi-square %.2f of its bound", Arrays.stream(counts).sum(), ofBound);
  }

  private static LossLaw law(Model model) {
    return switch (model) {
      case CORRELATED_LOSS -> LossLaw.random(0.1, 0.25);
      case GILBERT_ELLIOTT -> LossLaw.gilbertElliott(0.02, 0.15, 0.8, 0);
      case FOUR_STATES -> LossLaw.fourStates(0.02, 0.25, 0.15, 0.4, 0.005);
      default -> LossLaw.random(0.05, 0);
    };
  }

  /** How many bursts there are of each length; those at the ends may be longer than is seen. */
  private static long[] burstLengths(BitSet missing, int longest) {
    long[] counts = new long[longest + 1];
    int from = missing.nextSetBit(missing.nextClearBit(0));
    while (from >= 0) {
      int to = missing.nextClearBit(from);
      if (to < Trial.PACKETS) {
        counts[Math.min(to - from, longest)]++;
      }
      from = missing.nextSetBit(to);
    }
    return counts;
  }

  @Test
  void shouldLoseTheSamePacketsForTheSameSeed() {
    assertThat(arrivals(Model.LOSS_AGAIN).missing()).isEqualTo(arrivals(Model.LOSS).missing());
    assertThat(arrivals(Model.LOSS_OTHERWISE).missing())
        .isNotEqualTo(arrivals(Model.LOSS).missing());
    String hash = receipt(Model.LOSS).path("decisionHash").asText();
    assertThat(hash).isNotEmpty();
    assertThat(receipt(Model.LOSS_AGAIN).path("decisionHash").asText()).isEqualTo(hash);
    assertThat(receipt(Model.LOSS_OTHERWISE).path("decisionHash").asText()).isNotEqualTo(hash);
  }

  @Test
  void shouldDuplicateAsManyAsItSays() {
    Arrivals arrivals = arrivals(Model.DUPLICATE);

    assertThat(arrivals.repeated()).isEqualTo(affected(Model.DUPLICATE, "duplicated"));
    assertThat(arrivals.count()).isEqualTo(Trial.PACKETS + arrivals.repeated());
    assertThat(arrivals.missing().isEmpty()).isTrue();
    assertThat(arrivals.damaged()).isZero();
    GoodnessOfFit.expectShare(arrivals.repeated(), Trial.PACKETS, 0.05, 1);
    note(Model.DUPLICATE, "%d came twice", arrivals.repeated());
  }

  /** A receiver is not given what has a wrong checksum. */
  @Test
  void shouldCorruptAsManyAsItSays() {
    Arrivals arrivals = arrivals(Model.CORRUPT);
    int missing = arrivals.missing().cardinality();

    assertThat(missing).isEqualTo(affected(Model.CORRUPT, "corrupted"));
    assertThat(arrivals.damaged()).isZero();
    assertThat(arrivals.repeated()).isZero();
    GoodnessOfFit.expectShare(missing, Trial.PACKETS, 0.05, 1);
    note(Model.CORRUPT, "%d never came", missing);
  }

  @Test
  void shouldReorderAsManyAsItSays() {
    long ahead =
        Arrays.stream(arrivals(Model.REORDER).oneWayNanos())
            .filter(nanos -> nanos < REORDER_LATENCY)
            .count();

    assertThat(ahead).isEqualTo(affected(Model.REORDER, "reordered"));
    GoodnessOfFit.expectShare(ahead, Trial.PACKETS, 0.25, LossLaw.random(0.25, 0.5).inflation());
    note(Model.REORDER, "%d came ahead", ahead);
  }

  @Test
  void shouldDelayExactly() {
    Quantiles delays = Quantiles.of(arrivals(Model.DELAY).oneWayNanos());
    double path = pathMedian();
    double mean = delays.mean() - LATENCY - path;
    double p99 = delays.at(0.99) - LATENCY - path;
    note(
        Model.DELAY,
        "earliest %.3f ms, error without the path's %.3f ms: mean %.3f, p99 %.3f, largest %.3f",
        delays.least() / 1e6,
        path / 1e6,
        mean / 1e6,
        p99 / 1e6,
        (delays.at(1) - LATENCY - path) / 1e6);

    assertThat(delays.least()).as("never early").isGreaterThanOrEqualTo(LATENCY);
    assertThat(mean).as("mean error").isCloseTo(0, within(MEAN_ERROR));
    assertThat(p99).as("99th percentile of errors").isLessThan(P99_ERROR);
  }

  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      names = {"UNIFORM", "NORMAL", "PARETO", "PARETONORMAL"})
  void shouldDelayByItsDistribution(Model model) {
    JitterLaw law = JitterLaw.valueOf(model.name());
    double latency = model == Model.NORMAL || model == Model.PARETONORMAL ? 450e6 : 400e6;
    double path = pathMedian();
    double[] deviations =
        Arrays.stream(arrivals(model).oneWayNanos())
            .mapToDouble(nanos -> (nanos - path - latency) / JITTER)
            .toArray();
    if (law == JitterLaw.PARETO) {
      int all = deviations.length;
      deviations = Arrays.stream(deviations).filter(x -> x < JitterLaw.END).toArray();
      GoodnessOfFit.expectShare(all - deviations.length, all, JitterLaw.cutOff(), 1);
    }

    double ofBound = GoodnessOfFit.expectDistribution(deviations, law::below);

    note(model, "Kolmogorov-Smirnov over %d, %.2f of its bound", deviations.length, ofBound);
  }

  @ParameterizedTest
  @EnumSource(
      value = Model.class,
      names = {"RATE", "TOKEN_BUCKET"})
  void shouldHoldItsRateForThirtySeconds(Model model) {
    long[] arrived = arrivals(model).arrivedNanos();
    // Behind the first second, in which the bucket and the queue fill.
    int first = 0;
    while (arrived[first] < arrived[0] + RATE_NANOS / 30) {
      first++;
    }
    int last = first;
    while (last < arrived.length - 1 && arrived[last] < arrived[first] + RATE_NANOS) {
      last++;
    }
    long nanos = arrived[last] - arrived[first];
    double bits = (last - first) * (model.payload() + HEADERS) * 8.0;
    double rate = bits * 1e9 / nanos;
    note(model, "%.4f Mbit/s over %.2f s, %d packets", rate / 1e6, nanos / 1e9, last - first);

    assertThat(nanos).isGreaterThanOrEqualTo(RATE_NANOS);
    assertThat(last - first).isGreaterThanOrEqualTo(Trial.PACKETS);
    assertThat(rate / Model.RATE_BITS).isCloseTo(1, within(RATE_ERROR));
  }
}
