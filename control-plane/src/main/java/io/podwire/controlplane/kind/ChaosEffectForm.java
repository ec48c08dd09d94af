package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.BitRate;
import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PacketEffect.Distribution;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a NetworkChaos does to packets: its action, and the blocks that belong to it. */
final class ChaosEffectForm {

  private static final List<String> NETEM =
      List.of("delay", "loss", "duplicate", "corrupt", "rate");
  private static final String BANDWIDTH = "bandwidth";
  private static final String PARTITION = "partition";
  private static final long MAX_BYTES = 0xffff_ffffL;
  private static final long MAX_BUCKET = 1_000_000_000L;

  private ChaosEffectForm() {}

  static List<PacketEffect> read(Field spec, FaultInput input) {
    String action = ChaosRules.action(spec, actions(), "netem", input);
    List<PacketEffect> effects = new ArrayList<>();
    switch (action) {
      case PARTITION -> {
        effects.add(new PacketEffect.Blackhole());
        NETEM.forEach(block -> refuse(spec, block, input));
        refuse(spec, BANDWIDTH, input);
      }
      case BANDWIDTH -> {
        require(spec, BANDWIDTH, input);
        effects.add(bandwidth(spec.at(BANDWIDTH), input));
        NETEM.forEach(block -> refuse(spec, block, input));
      }
      default -> {
        if (NETEM.contains(action)) {
          require(spec, action, input);
        } else if ("netem".equals(spec.at("action").text())
            && NETEM.stream().noneMatch(block -> spec.at(block).isPresent())) {
          input
              .problems()
              .required(
                  spec.at("delay"), "action 'netem' needs one of " + String.join(", ", NETEM));
        }
        netem(spec, input, effects);
        refuse(spec, BANDWIDTH, input);
      }
    }
    return effects;
  }

  /**
   * Chaos Mesh applies every block of netem's that is there, whichever of them the action names.
   */
  private static void netem(Field spec, FaultInput input, List<PacketEffect> effects) {
    delay(spec.at("delay"), input, effects);
    Field loss = spec.at("loss");
    if (loss.isPresent()) {
      effects.add(
          new PacketEffect.RandomLoss(
              share(loss, "loss", input), correlation(loss, "loss", input)));
    }
    Field duplicate = spec.at("duplicate");
    if (duplicate.isPresent()) {
      effects.add(
          new PacketEffect.Duplication(
              share(duplicate, "duplicate", input), correlation(duplicate, "duplicate", input)));
    }
    Field corrupt = spec.at("corrupt");
    if (corrupt.isPresent()) {
      effects.add(
          new PacketEffect.Corruption(
              share(corrupt, "corrupt", input), correlation(corrupt, "corrupt", input)));
    }
    Field rate = spec.at("rate");
    if (rate.isPresent()) {
      effects.add(new PacketEffect.Rate(input.requiredRate(rate.at("rate")), 0, 0, 0));
    }
  }

  private static void delay(Field delay, FaultInput input, List<PacketEffect> effects) {
    if (!delay.isPresent()) {
      return;
    }
    Field jitter = delay.at("jitter");
    Field latencyField = delay.at("latency");
    Duration latency =
        input.delay(latencyField, input.required(latencyField, "write a duration such as 100ms"));
    Duration spread = input.delay(jitter, input.orZero(jitter));
    double correlation = correlation(delay, input);
    if (spread.isZero() && correlation > 0) {
      input.warn(delay.at("correlation"), "has no effect without jitter, as in Chaos Mesh");
    }
    if (spread.compareTo(latency) > 0) {
      input.warn(
          jitter, jitter.shown() + " is more than the latency; delays below zero become zero");
    }
    effects.add(
        new PacketEffect.Delay(
            latency, spread, spread.isZero() ? 0 : correlation, Distribution.UNIFORM));
    Field reorder = delay.at("reorder");
    if (reorder.isPresent()) {
      effects.add(
          new PacketEffect.Reordering(
              share(reorder, "reorder", input),
              correlation(reorder, "reorder", input),
              Math.max(1, input.count(reorder.at("gap"), 1, 0))));
    }
  }

  private static PacketEffect bandwidth(Field bandwidth, FaultInput input) {
    long rate = bandwidth.isPresent() ? input.requiredRate(bandwidth.at("rate")) : 1;
    for (String name : List.of("limit", "buffer")) {
      if (bandwidth.isPresent() && !bandwidth.at(name).isPresent()) {
        input.problems().required(bandwidth.at(name), "write a number of bytes, such as 10000");
      }
    }
    Field peakrate = bandwidth.at("peakrate");
    Field minburst = bandwidth.at("minburst");
    // A peak of zero is none, and one without its bucket is left out.
    long peak = input.size(peakrate, 0, 0, Long.MAX_VALUE);
    int burst = (int) input.size(minburst, 0, 0, MAX_BUCKET);
    boolean hasPeak = peak > 0 && minburst.isPresent();
    if (peak > 0 && !minburst.isPresent()) {
      input.warn(peakrate, "has no effect without minburst, as in Chaos Mesh");
    } else if (hasPeak && burst == 0) {
      input
          .problems()
          .invalid(minburst, "0 lets no packet pass; write the MTU or more, such as 1500");
    } else if (hasPeak && peak < rate && bandwidth.at("rate").isGiven()) {
      input
          .problems()
          .invalid(
              peakrate,
              peakrate.shown()
                  + " bits a second is below the rate, "
                  + BitRate.format(rate)
                  + "; write more, or a lower rate");
    }
    return new PacketEffect.TokenBucket(
        rate,
        input.size(bandwidth.at("limit"), 1, 1, MAX_BYTES),
        input.size(bandwidth.at("buffer"), 1, 1, MAX_BUCKET),
        hasPeak ? peak : 0,
        hasPeak ? burst : 0);
  }

  private static double share(Field block, String name, FaultInput input) {
    if (!block.at(name).isGiven()) {
      input.problems().required(block.at(name), "write a percentage in quotes, such as \"25\"");
    }
    return input.barePercent(block.at(name));
  }

  private static double correlation(Field block, FaultInput input) {
    return input.barePercent(block.at("correlation"));
  }

  /** Of nothing it is none: Chaos Mesh leaves it out, too. */
  private static double correlation(Field block, String base, FaultInput input) {
    double correlation = correlation(block, input);
    return input.silent().barePercent(block.at(base)) > 0 ? correlation : 0;
  }

  private static void require(Field spec, String block, FaultInput input) {
    if (!spec.at(block).isPresent()) {
      input
          .problems()
          .required(spec.at(block), "action " + spec.at("action").shown() + " needs it");
    }
  }

  private static void refuse(Field spec, String block, FaultInput input) {
    if (spec.at(block).isPresent() && spec.at("action").isGiven()) {
      input.contradiction(
          spec.at(block),
          "has no effect with action "
              + spec.at("action").shown()
              + "; remove it, or write an object for each action"
              + (block.equals(BANDWIDTH) ? ", or rate in place of bandwidth" : ""));
    }
  }

  private static Map<String, String> actions() {
    Map<String, String> actions = new LinkedHashMap<>();
    for (String action :
        List.of("netem", "delay", "loss", "duplicate", "corrupt", PARTITION, BANDWIDTH)) {
      actions.put(action, action);
    }
    return actions;
  }
}
