package io.podwire.controlplane.kind;

import io.podwire.cluster.fault.PacketEffect;
import java.util.List;

/** How a NetworkFault loses packets: one of four models, and whether ECN marks take their place. */
final class LossForm {

  private static final List<String> MODELS = List.of("percent", "state", "gemodel", "nth");

  private static final double ROUNDING = 1e-9;

  private LossForm() {}

  static void read(Field loss, FaultInput input, List<PacketEffect> effects) {
    if (!loss.isPresent()) {
      return;
    }
    List<String> given = MODELS.stream().filter(model -> loss.at(model).isPresent()).toList();
    if (given.isEmpty()) {
      input
          .problems()
          .required(loss.at("percent"), "write a percentage such as 10%, or state, gemodel or nth");
    }
    for (String second : given.subList(Math.min(1, given.size()), given.size())) {
      input.contradiction(
          loss.at(second),
          "is a second model of loss beside " + given.getFirst() + "; write one of them");
    }
    double correlation = PacketEffectForm.correlation(loss, input);
    if (!given.isEmpty()) {
      effects.add(model(given.getFirst(), loss, correlation, input));
    }
    if (loss.at("ecn").isTrue()) {
      effects.add(new PacketEffect.EcnMarking());
    }
  }

  private static PacketEffect model(String name, Field loss, double correlation, FaultInput input) {
    Field model = loss.at(name);
    return switch (name) {
      case "state" -> state(model, input);
      case "gemodel" -> gilbertElliott(model, input);
      case "nth" -> nth(model, input);
      default -> new PacketEffect.RandomLoss(input.percent(model, 0), correlation);
    };
  }

  /** With tc's defaults, which make of {@code p13} alone a Bernoulli loss. */
  private static PacketEffect state(Field model, FaultInput input) {
    double p13 = input.requiredPercent(model.at("p13"));
    double p31 = input.percent(model.at("p31"), 1 - p13);
    double p32 = input.percent(model.at("p32"), 0);
    double p23 = input.percent(model.at("p23"), 1);
    double p14 = input.percent(model.at("p14"), 0);
    checkSum(model, "p14", "p13", p13 + p14, input);
    checkSum(model, "p32", "p31", p31 + p32, input);
    return new PacketEffect.StateLoss(p13, p31, p32, p23, p14);
  }

  /** Two ways out of one state. */
  private static void checkSum(
      Field model, String name, String other, double sum, FaultInput input) {
    if (sum > 1 + ROUNDING) {
      input
          .problems()
          .invalid(
              model.at(name),
              model.at(name).shown()
                  + " and "
                  + other
                  + " are more than 100 % together; write less, or "
                  + other
                  + " too");
    }
  }

  /** With tc's defaults, which make of {@code p} alone a Bernoulli loss. */
  private static PacketEffect gilbertElliott(Field model, FaultInput input) {
    double p = input.requiredPercent(model.at("p"));
    return new PacketEffect.GilbertElliottLoss(
        p,
        input.percent(model.at("r"), 1 - p),
        input.percent(model.at("lossInBad"), 1),
        input.percent(model.at("lossInGood"), 0));
  }

  private static PacketEffect nth(Field model, FaultInput input) {
    Field packet = model.at("packet");
    if (!model.at("every").isPresent()) {
      input.problems().required(model.at("every"), "write of how many packets one is lost");
    }
    int every = input.count(model.at("every"), 1, 1);
    int number = input.count(packet, 0, 0);
    if (number >= every) {
      input
          .problems()
          .invalid(
              packet,
              packet.shown()
                  + " is out of range; write 0 to "
                  + (every - 1)
                  + ": packets"
                  + " are counted from 0");
      number = 0;
    }
    return new PacketEffect.NthLoss(every, number);
  }
}
