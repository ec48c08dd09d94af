package io.podwire.proto;

import io.podwire.cluster.fault.PacketEffect;
import io.podwire.cluster.fault.PacketEffect.Blackhole;
import io.podwire.cluster.fault.PacketEffect.Corruption;
import io.podwire.cluster.fault.PacketEffect.Delay;
import io.podwire.cluster.fault.PacketEffect.Distribution;
import io.podwire.cluster.fault.PacketEffect.Duplication;
import io.podwire.cluster.fault.PacketEffect.EcnMarking;
import io.podwire.cluster.fault.PacketEffect.Flap;
import io.podwire.cluster.fault.PacketEffect.GilbertElliottLoss;
import io.podwire.cluster.fault.PacketEffect.Hold;
import io.podwire.cluster.fault.PacketEffect.InterfaceDown;
import io.podwire.cluster.fault.PacketEffect.Limit;
import io.podwire.cluster.fault.PacketEffect.MtuBlackhole;
import io.podwire.cluster.fault.PacketEffect.NthLoss;
import io.podwire.cluster.fault.PacketEffect.RandomLoss;
import io.podwire.cluster.fault.PacketEffect.Rate;
import io.podwire.cluster.fault.PacketEffect.Reordering;
import io.podwire.cluster.fault.PacketEffect.Slot;
import io.podwire.cluster.fault.PacketEffect.StateLoss;
import io.podwire.cluster.fault.PacketEffect.TokenBucket;
import io.podwire.cluster.fault.Toxic;
import java.time.Duration;

/** What faults do to packets and streams. */
final class EffectMessages {

  private EffectMessages() {}

  static io.podwire.proto.v1.PacketEffect toMessage(PacketEffect effect) {
    var message = io.podwire.proto.v1.PacketEffect.newBuilder();
    if (effect instanceof Delay delay) {
      message
          .getDelayBuilder()
          .setLatency(delay.latency().toNanos())
          .setJitter(delay.jitter().toNanos())
          .setCorrelation(delay.correlation())
          .setDistribution(delay.distribution().name());
    } else if (effect instanceof RandomLoss loss) {
      message
          .getRandomLossBuilder()
          .setProbability(loss.probability())
          .setCorrelation(loss.correlation());
    } else if (effect instanceof StateLoss loss) {
      message
          .getStateLossBuilder()
          .setP13(loss.p13())
          .setP31(loss.p31())
          .setP32(loss.p32())
          .setP23(loss.p23())
          .setP14(loss.p14());
    } else if (effect instanceof GilbertElliottLoss loss) {
      message
          .getGilbertElliottLossBuilder()
          .setP(loss.p())
          .setR(loss.r())
          .setLossInBad(loss.lossInBad())
          .setLossInGood(loss.lossInGood());
    } else if (effect instanceof NthLoss loss) {
      message.getNthLossBuilder().setEvery(loss.every()).setPacket(loss.packet());
    } else if (effect instanceof EcnMarking) {
      message.setEcnMarking(true);
    } else if (effect instanceof Corruption corruption) {
      message
          .getCorruptionBuilder()
          .setProbability(corruption.probability())
          .setCorrelation(corruption.correlation());
    } else if (effect instanceof Duplication duplication) {
      message
          .getDuplicationBuilder()
          .setProbability(duplication.probability())
          .setCorrelation(duplication.correlation());
    } else if (effect instanceof Reordering reordering) {
      message
          .getReorderingBuilder()
          .setProbability(reordering.probability())
          .setCorrelation(reordering.correlation())
          .setGap(reordering.gap());
    } else {
      shape(effect, message);
    }
    return message.build();
  }

  private static void shape(PacketEffect effect, io.podwire.proto.v1.PacketEffect.Builder message) {
    if (effect instanceof Rate rate) {
      message
          .getRateBuilder()
          .setBitsPerSecond(rate.bitsPerSecond())
          .setPacketOverhead(rate.packetOverhead())
          .setCellSize(rate.cellSize())
          .setCellOverhead(rate.cellOverhead());
    } else if (effect instanceof TokenBucket bucket) {
      message
          .getTokenBucketBuilder()
          .setBitsPerSecond(bucket.bitsPerSecond())
          .setLimitBytes(bucket.limitBytes())
          .setBufferBytes(bucket.bufferBytes())
          .setPeakBitsPerSecond(bucket.peakBitsPerSecond())
          .setMinburstBytes(bucket.minburstBytes());
    } else if (effect instanceof Slot slot) {
      message
          .getSlotBuilder()
          .setMin(slot.min().toNanos())
          .setMax(slot.max().toNanos())
          .setPackets(slot.packets())
          .setBytes(slot.bytes());
    } else if (effect instanceof Limit limit) {
      message.setLimit(limit.packets());
    } else if (effect instanceof Blackhole) {
      message.setBlackhole(true);
    } else if (effect instanceof MtuBlackhole blackhole) {
      message.setMtuBlackhole(blackhole.mtu());
    } else if (effect instanceof Hold) {
      message.setHold(true);
    } else if (effect instanceof Flap flap) {
      message.getFlapBuilder().setUp(flap.up().toNanos()).setDown(flap.down().toNanos());
    } else if (effect instanceof InterfaceDown) {
      message.setInterfaceDown(true);
    }
  }

  static PacketEffect fromMessage(io.podwire.proto.v1.PacketEffect message) {
    return switch (message.getEffectCase()) {
      case DELAY -> {
        var delay = message.getDelay();
        yield new Delay(
            Duration.ofNanos(delay.getLatency()),
            Duration.ofNanos(delay.getJitter()),
            delay.getCorrelation(),
            Distribution.valueOf(delay.getDistribution()));
      }
      case RANDOM_LOSS -> {
        var loss = message.getRandomLoss();
        yield new RandomLoss(loss.getProbability(), loss.getCorrelation());
      }
      case STATE_LOSS -> {
        var loss = message.getStateLoss();
        yield new StateLoss(
            loss.getP13(), loss.getP31(), loss.getP32(), loss.getP23(), loss.getP14());
      }
      case GILBERT_ELLIOTT_LOSS -> {
        var loss = message.getGilbertElliottLoss();
        yield new GilbertElliottLoss(
            loss.getP(), loss.getR(), loss.getLossInBad(), loss.getLossInGood());
      }
      case NTH_LOSS ->
          new NthLoss(message.getNthLoss().getEvery(), message.getNthLoss().getPacket());
      case ECN_MARKING -> new EcnMarking();
      case CORRUPTION -> {
        var corruption = message.getCorruption();
        yield new Corruption(corruption.getProbability(), corruption.getCorrelation());
      }
      case DUPLICATION -> {
        var duplication = message.getDuplication();
        yield new Duplication(duplication.getProbability(), duplication.getCorrelation());
      }
      case REORDERING -> {
        var reordering = message.getReordering();
        yield new Reordering(
            reordering.getProbability(), reordering.getCorrelation(), reordering.getGap());
      }
      case RATE -> {
        var rate = message.getRate();
        yield new Rate(
            rate.getBitsPerSecond(),
            rate.getPacketOverhead(),
            rate.getCellSize(),
            rate.getCellOverhead());
      }
      case TOKEN_BUCKET -> {
        var bucket = message.getTokenBucket();
        yield new TokenBucket(
            bucket.getBitsPerSecond(),
            bucket.getLimitBytes(),
            bucket.getBufferBytes(),
            bucket.getPeakBitsPerSecond(),
            bucket.getMinburstBytes());
      }
      case SLOT -> {
        var slot = message.getSlot();
        yield new Slot(
            Duration.ofNanos(slot.getMin()),
            Duration.ofNanos(slot.getMax()),
            slot.getPackets(),
            slot.getBytes());
      }
      case LIMIT -> new Limit(message.getLimit());
      case BLACKHOLE -> new Blackhole();
      case MTU_BLACKHOLE -> new MtuBlackhole(message.getMtuBlackhole());
      case HOLD -> new Hold();
      case FLAP ->
          new Flap(
              Duration.ofNanos(message.getFlap().getUp()),
              Duration.ofNanos(message.getFlap().getDown()));
      case INTERFACE_DOWN -> new InterfaceDown();
      case EFFECT_NOT_SET ->
          throw new IllegalArgumentException("an effect that this version does not know");
    };
  }

  static io.podwire.proto.v1.Toxic toMessage(Toxic toxic) {
    var message =
        io.podwire.proto.v1.Toxic.newBuilder()
            .setSide(toxic.side().name())
            .setToxicity(toxic.toxicity());
    Toxic.Type type = toxic.type();
    if (type instanceof Toxic.Latency latency) {
      message
          .getLatencyBuilder()
          .setLatency(latency.latency().toNanos())
          .setJitter(latency.jitter().toNanos());
    } else if (type instanceof Toxic.Bandwidth bandwidth) {
      message.setBandwidthKilobytesPerSecond(bandwidth.kilobytesPerSecond());
    } else if (type instanceof Toxic.SlowClose slowClose) {
      message.setSlowCloseDelay(slowClose.delay().toNanos());
    } else if (type instanceof Toxic.Timeout timeout) {
      message.setTimeout(timeout.timeout().toNanos());
    } else if (type instanceof Toxic.ResetPeer reset) {
      message.setResetPeerTimeout(reset.timeout().toNanos());
    } else if (type instanceof Toxic.Slicer slicer) {
      message
          .getSlicerBuilder()
          .setAverageSize(slicer.averageSize())
          .setSizeVariation(slicer.sizeVariation())
          .setDelay(slicer.delay().toNanos());
    } else if (type instanceof Toxic.LimitData limit) {
      message.setLimitDataBytes(limit.bytes());
    } else if (type instanceof Toxic.Down) {
      message.setDown(true);
    }
    return message.build();
  }

  static Toxic fromMessage(io.podwire.proto.v1.Toxic message) {
    Toxic.Type type =
        switch (message.getTypeCase()) {
          case LATENCY ->
              new Toxic.Latency(
                  Duration.ofNanos(message.getLatency().getLatency()),
                  Duration.ofNanos(message.getLatency().getJitter()));
          case BANDWIDTH_KILOBYTES_PER_SECOND ->
              new Toxic.Bandwidth(message.getBandwidthKilobytesPerSecond());
          case SLOW_CLOSE_DELAY ->
              new Toxic.SlowClose(Duration.ofNanos(message.getSlowCloseDelay()));
          case TIMEOUT -> new Toxic.Timeout(Duration.ofNanos(message.getTimeout()));
          case RESET_PEER_TIMEOUT ->
              new Toxic.ResetPeer(Duration.ofNanos(message.getResetPeerTimeout()));
          case SLICER ->
              new Toxic.Slicer(
                  message.getSlicer().getAverageSize(),
                  message.getSlicer().getSizeVariation(),
                  Duration.ofNanos(message.getSlicer().getDelay()));
          case LIMIT_DATA_BYTES -> new Toxic.LimitData(message.getLimitDataBytes());
          case DOWN -> new Toxic.Down();
          case TYPE_NOT_SET ->
              throw new IllegalArgumentException("a toxic that this version does not know");
        };
    return new Toxic(type, Toxic.Side.valueOf(message.getSide()), message.getToxicity());
  }
}
