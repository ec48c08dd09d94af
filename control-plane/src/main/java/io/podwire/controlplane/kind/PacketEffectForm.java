package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PacketEffect.Distribution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a NetworkFault does to packets. */
final class PacketEffectForm {

  private static final List<String> ALONE = List.of("partition", "hold", "interfaceDown");
  private static final List<String> FIELDS =
      List.of(
          "delay",
          "loss",
          "corrupt",
          "duplicate",
          "reorder",
          "rate",
          "bandwidth",
          "slot",
          "limit",
          "partition",
          "hold",
          "flap",
          "interfaceDown",
          "mtu");
  private static final String PERCENT = "percent";
  private static final int MIN_MTU = 68;
  private static final int MAX_MTU = 65_535;
  private static final int LIMIT_WHEN_WRONG = 1000;

  private PacketEffectForm() {}

  /** The effects that are there, in no order that matters. */
  static List<PacketEffect> read(Field spec, FaultInput input) {
    List<PacketEffect> effects = new ArrayList<>();
    if (spec.at("delay").isPresent()) {
      effects.add(delay(spec.at("delay"), input));
    }
    LossForm.read(spec.at("loss"), input, effects);
    Field corrupt = spec.at("corrupt");
    if (corrupt.isPresent()) {
      effects.add(
          new PacketEffect.Corruption(
              input.requiredPercent(corrupt.at(PERCENT)), correlation(corrupt, input)));
    }
    Field duplicate = spec.at("duplicate");
    if (duplicate.isPresent()) {
      effects.add(
          new PacketEffect.Duplication(
              input.requiredPercent(duplicate.at(PERCENT)), correlation(duplicate, input)));
    }
    reorder(spec, input, effects);
    RateForm.read(spec, input, effects);
    limit(spec, input, effects);
    breakage(spec, input, effects);
    checkTogether(spec, input);
    return effects;
  }

  /** A correlation, which is refused where the percentage that it belongs to is missing or none. */
  static double correlation(Field effect, FaultInput input) {
    Field correlation = effect.at("correlation");
    if (correlation.isGiven()
        && input.silent().percent(effect.at(PERCENT), effect.at(PERCENT).isGiven() ? 1 : 0) == 0) {
      input.contradiction(
          correlation,
          correlation.shown() + " has nothing to correlate; write percent beside it, above 0%");
      return 0;
    }
    return input.percent(correlation, 0);
  }

  static Map<String, Distribution> distributions() {
    Map<String, Distribution> words = new LinkedHashMap<>();
    words.put("uniform", Distribution.UNIFORM);
    words.put("normal", Distribution.NORMAL);
    words.put("pareto", Distribution.PARETO);
    words.put("paretonormal", Distribution.PARETONORMAL);
    return words;
  }

  private static PacketEffect delay(Field delay, FaultInput input) {
    Field jitter = delay.at("jitter");
    Field latencyField = delay.at("latency");
    Duration latency =
        input.delay(latencyField, input.required(latencyField, "write a duration such as 100ms"));
    Duration spread = input.delay(jitter, input.orZero(jitter));
    if (spread.isZero()) {
      for (String name : List.of("correlation", "distribution")) {
        Field needy = delay.at(name);
        if (needy.isGiven()) {
          input.contradiction(
              needy, needy.shown() + " has no jitter to act on; write jitter beside it");
        }
      }
    }
    if (spread.compareTo(latency) > 0) {
      input.warn(
          jitter, jitter.shown() + " is more than the latency; delays below zero become zero");
    }
    return new PacketEffect.Delay(
        latency,
        spread,
        spread.isZero() ? 0 : input.percent(delay.at("correlation"), 0),
        input.word(delay.at("distribution"), distributions(), Distribution.UNIFORM));
  }

  private static void reorder(Field spec, FaultInput input, List<PacketEffect> effects) {
    Field reorder = spec.at("reorder");
    if (!reorder.isPresent()) {
      return;
    }
    if (!spec.at("delay").isPresent()) {
      input.contradiction(
          reorder, "packets can only pass others that are delayed; write delay beside it");
    }
    effects.add(
        new PacketEffect.Reordering(
            input.requiredPercent(reorder.at(PERCENT)),
            correlation(reorder, input),
            input.count(reorder.at("gap"), 1, 1)));
  }

  private static void limit(Field spec, FaultInput input, List<PacketEffect> effects) {
    Field limit = spec.at("limit");
    if (!limit.isPresent()) {
      return;
    }
    boolean holds =
        spec.at("delay").isPresent() || spec.at("rate").isPresent() || spec.at("slot").isPresent();
    if (!holds) {
      input.contradiction(
          limit,
          limit.shown()
              + " bounds no queue; write delay, rate or slot beside it"
              + (spec.at("bandwidth").isPresent() ? ", or bandwidth.limit in bytes" : ""));
    }
    effects.add(new PacketEffect.Limit(input.count(limit, LIMIT_WHEN_WRONG, 1)));
  }

  private static void breakage(Field spec, FaultInput input, List<PacketEffect> effects) {
    if (spec.at("partition").isPresent()) {
      effects.add(new PacketEffect.Blackhole());
    }
    if (spec.at("hold").isPresent()) {
      effects.add(new PacketEffect.Hold());
    }
    if (spec.at("interfaceDown").isPresent()) {
      effects.add(new PacketEffect.InterfaceDown());
    }
    Field flap = spec.at("flap");
    if (flap.isPresent()) {
      effects.add(
          new PacketEffect.Flap(
              input.required(flap.at("up"), "write how long the link works, such as 5s"),
              input.required(flap.at("down"), "write how long it does not, such as 1s")));
    }
    Field mtu = spec.at("mtu");
    Integer bytes = mtu.number();
    if (bytes != null) {
      if (bytes < MIN_MTU || bytes > MAX_MTU) {
        input
            .problems()
            .invalid(
                mtu, mtu.shown() + " is no MTU; write " + MIN_MTU + " to " + MAX_MTU + " bytes");
      }
      effects.add(new PacketEffect.MtuBlackhole(bytes));
    }
  }

  private static void checkTogether(Field spec, FaultInput input) {
    for (String alone : ALONE) {
      if (!spec.at(alone).isPresent()) {
        continue;
      }
      for (String other : FIELDS) {
        if (!other.equals(alone) && spec.at(other).isPresent()) {
          input.contradiction(
              spec.at(other),
              "contradicts "
                  + alone
                  + ", which leaves no traffic to act on; write one of them, or a fault for each");
        }
      }
      if (spec.at("stream").isGiven()) {
        input.contradiction(
            spec.at("stream"),
            "contradicts " + alone + ", which leaves no traffic to act on; write one of them");
      }
    }
  }
}
