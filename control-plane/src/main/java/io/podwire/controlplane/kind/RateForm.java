package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.PacketEffect;
import java.time.Duration;
import java.util.List;

/** How a NetworkFault paces packets: rate, token bucket and slots. */
final class RateForm {

  private static final long MAX_BYTES = 0xffff_ffffL;
  private static final long MAX_BUCKET = 1_000_000_000L;
  private static final int NEGATIVE_OVERHEAD = -65_535;

  private RateForm() {}

  static void read(Field spec, FaultInput input, List<PacketEffect> effects) {
    Field rate = spec.at("rate");
    Field bandwidth = spec.at("bandwidth");
    if (rate.isPresent() && bandwidth.isPresent()) {
      input.contradiction(
          bandwidth,
          "is a second bound beside rate; write one of them: rate goes with other effects"
              + " as netem's, bandwidth is tbf's token bucket");
    }
    if (rate.isPresent()) {
      effects.add(rate(rate, input));
    }
    if (bandwidth.isPresent()) {
      effects.add(bandwidth(bandwidth, input));
    }
    if (spec.at("slot").isPresent()) {
      effects.add(slot(spec.at("slot"), input));
    }
  }

  private static PacketEffect rate(Field rate, FaultInput input) {
    Field cellSize = rate.at("cellSize");
    Field cellOverhead = rate.at("cellOverhead");
    int size = input.count(cellSize, 0, 0);
    if (cellOverhead.isPresent() && size == 0) {
      input.contradiction(
          cellOverhead, cellOverhead.shown() + " has no cells to act on; write cellSize beside it");
    }
    int overhead = input.count(cellOverhead, 0, NEGATIVE_OVERHEAD);
    if (size > 0 && size + overhead <= 0) {
      input
          .problems()
          .invalid(cellOverhead, cellOverhead.shown() + " leaves nothing of a cell; write more");
    }
    return new PacketEffect.Rate(
        input.requiredRate(rate.at("rate")),
        input.count(rate.at("packetOverhead"), 0, NEGATIVE_OVERHEAD),
        size,
        overhead);
  }

  private static PacketEffect bandwidth(Field bandwidth, FaultInput input) {
    long rate = input.requiredRate(bandwidth.at("rate"));
    for (String name : List.of("limit", "buffer")) {
      if (!bandwidth.at(name).isGiven()) {
        input.problems().required(bandwidth.at(name), "write a number of bytes, such as 10000");
      }
    }
    Field peakrate = bandwidth.at("peakrate");
    Field minburst = bandwidth.at("minburst");
    if (peakrate.isGiven() && !minburst.isGiven()) {
      input
          .problems()
          .required(minburst, "peakrate needs it; write a number of bytes: 1500 or more");
    } else if (minburst.isGiven() && !peakrate.isGiven()) {
      input.contradiction(
          minburst, minburst.shown() + " is the bucket of peakrate; write peakrate beside it");
    }
    long peak = peakrate.isGiven() ? input.rate(peakrate) : 0;
    if (peakrate.isGiven() && peak <= rate && bandwidth.at("rate").isGiven()) {
      input
          .problems()
          .invalid(peakrate, peakrate.shown() + " is not above the rate; write a higher one");
    }
    return new PacketEffect.TokenBucket(
        rate,
        input.size(bandwidth.at("limit"), 1, 1, MAX_BYTES),
        input.size(bandwidth.at("buffer"), 1, 1, MAX_BUCKET),
        peak,
        (int) input.size(minburst, 0, 1, MAX_BUCKET));
  }

  private static PacketEffect slot(Field slot, FaultInput input) {
    Duration min = input.required(slot.at("min"), "write a duration such as 1ms");
    Field max = slot.at("max");
    Duration longest = input.positive(max, min);
    if (longest.compareTo(min) < 0) {
      input.problems().invalid(max, max.shown() + " is less than min; write min or more");
    }
    return new PacketEffect.Slot(
        min,
        longest,
        input.count(slot.at("packets"), 0, 0),
        (int) input.size(slot.at("bytes"), 0, 0, Integer.MAX_VALUE));
  }
}
