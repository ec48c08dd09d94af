package io.podwire.proto;

import static io.podwire.proto.ProtoTranslator.addresses;
import static io.podwire.proto.ProtoTranslator.cidrs;
import static io.podwire.proto.ProtoTranslator.texts;

import io.podwire.cluster.fault.DnsEffect;
import io.podwire.cluster.fault.FaultLink;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.fault.NodeEffect;
import io.podwire.cluster.fault.PodEffect;
import io.podwire.cluster.fault.PortRange;
import io.podwire.cluster.fault.TrafficFilter;
import io.podwire.cluster.model.FaultReport;
import io.podwire.cluster.model.NetworkFault;
import io.podwire.cluster.model.ObjectName;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Faults, and what has come of them. */
final class FaultMessages {

  private FaultMessages() {}

  static io.podwire.proto.v1.NetworkFault toMessage(NetworkFault fault) {
    FaultSpec spec = fault.spec();
    var message =
        io.podwire.proto.v1.NetworkFault.newBuilder()
            .setNamespace(fault.key().namespace())
            .setName(fault.key().name())
            .setUid(fault.uid())
            .setActive(fault.active())
            .setStartMillis(fault.startMillis())
            .setDeadlineMillis(fault.deadlineMillis())
            .setLeaseMillis(fault.leaseMillis())
            .addAllTargets(fault.targets())
            .addAllDnsClients(texts(fault.dnsClients()))
            .setSeed(spec.seed());
    fault.links().forEach(link -> message.addLinks(toMessage(link)));
    spec.packets().forEach(effect -> message.addPackets(EffectMessages.toMessage(effect)));
    spec.toxics().forEach(toxic -> message.addToxics(EffectMessages.toMessage(toxic)));
    DnsEffect dns = spec.dns();
    if (dns != null) {
      message
          .getDnsBuilder()
          .setAction(dns.action().name())
          .addAllPatterns(dns.patterns())
          .addAllQueryTypes(dns.queryTypes())
          .addAllAddresses(texts(dns.addresses()))
          .setDelay(dns.delay().toNanos())
          .setProbability(dns.probability());
    }
    NodeEffect node = spec.node();
    if (node != null) {
      message.getNodeBuilder().setAction(node.action().name()).setDelay(node.delay().toNanos());
    }
    PodEffect pod = spec.pod();
    if (pod != null) {
      message.setPod(pod.name());
    }
    return message.build();
  }

  static NetworkFault fromMessage(io.podwire.proto.v1.NetworkFault message) {
    FaultSpec spec =
        new FaultSpec(
            message.getSeed(),
            message.getPacketsList().stream().map(EffectMessages::fromMessage).toList(),
            message.getToxicsList().stream().map(EffectMessages::fromMessage).toList(),
            dns(message),
            node(message),
            message.getPod().isEmpty() ? null : PodEffect.valueOf(message.getPod()));
    return new NetworkFault(
        new ObjectName(message.getNamespace(), message.getName()),
        message.getUid(),
        spec,
        message.getActive(),
        message.getStartMillis(),
        message.getDeadlineMillis(),
        message.getLeaseMillis(),
        message.getLinksList().stream().map(FaultMessages::fromMessage).toList(),
        message.getTargetsList(),
        cidrs(message.getDnsClientsList()));
  }

  private static @Nullable DnsEffect dns(io.podwire.proto.v1.NetworkFault message) {
    if (!message.hasDns()) {
      return null;
    }
    var dns = message.getDns();
    return new DnsEffect(
        DnsEffect.Action.valueOf(dns.getAction()),
        dns.getPatternsList(),
        dns.getQueryTypesList(),
        addresses(dns.getAddressesList()),
        Duration.ofNanos(dns.getDelay()),
        dns.getProbability());
  }

  private static @Nullable NodeEffect node(io.podwire.proto.v1.NetworkFault message) {
    return message.hasNode()
        ? new NodeEffect(
            NodeEffect.Action.valueOf(message.getNode().getAction()),
            Duration.ofNanos(message.getNode().getDelay()))
        : null;
  }

  private static io.podwire.proto.v1.FaultLink toMessage(FaultLink link) {
    TrafficFilter filter = link.filter();
    return io.podwire.proto.v1.FaultLink.newBuilder()
        .setNode(link.node())
        .setPod(link.pod())
        .setDirection(link.direction().name())
        .addAllPeers(texts(filter.peers()))
        .addAllExcludedPeers(texts(filter.excludedPeers()))
        .setProtocol(filter.protocol())
        .addAllLocalPorts(toMessages(filter.localPorts()))
        .addAllPeerPorts(toMessages(filter.peerPorts()))
        .addAllEitherPorts(toMessages(filter.eitherPorts()))
        .build();
  }

  private static FaultLink fromMessage(io.podwire.proto.v1.FaultLink message) {
    return new FaultLink(
        message.getNode(),
        message.getPod(),
        FaultLink.Direction.valueOf(message.getDirection()),
        new TrafficFilter(
            cidrs(message.getPeersList()),
            cidrs(message.getExcludedPeersList()),
            message.getProtocol(),
            fromMessages(message.getLocalPortsList()),
            fromMessages(message.getPeerPortsList()),
            fromMessages(message.getEitherPortsList())));
  }

  private static List<io.podwire.proto.v1.PortRange> toMessages(List<PortRange> ranges) {
    return ranges.stream()
        .map(range ->
            io.podwire.proto.v1.PortRange.newBuilder()
                .setFirst(range.first())
                .setLast(range.last())
                .build())
        .toList();
  }

  private static List<PortRange> fromMessages(List<io.podwire.proto.v1.PortRange> messages) {
    return messages.stream()
        .map(range -> new PortRange(range.getFirst(), range.getLast()))
        .toList();
  }

  static io.podwire.proto.v1.FaultReport toMessage(FaultReport report) {
    return io.podwire.proto.v1.FaultReport.newBuilder()
        .setNamespace(report.key().namespace())
        .setName(report.key().name())
        .setUid(report.uid())
        .setReporter(report.reporter())
        .addAllReceipts(report.receipts().stream().map(FaultMessages::toMessage).toList())
        .build();
  }

  static FaultReport fromMessage(io.podwire.proto.v1.FaultReport message) {
    return new FaultReport(
        new ObjectName(message.getNamespace(), message.getName()),
        message.getUid(),
        message.getReporter(),
        message.getReceiptsList().stream().map(FaultMessages::fromMessage).toList());
  }

  private static io.podwire.proto.v1.LinkReceipt toMessage(LinkReceipt receipt) {
    return io.podwire.proto.v1.LinkReceipt.newBuilder()
        .setLink(receipt.link())
        .setDirection(receipt.direction().name())
        .setEnded(receipt.ended())
        .setError(receipt.error())
        .setMatched(receipt.matched())
        .setMatchedBytes(receipt.matchedBytes())
        .setPassed(receipt.passed())
        .setPassedBytes(receipt.passedBytes())
        .putAllAffected(receipt.affected())
        .setRequestedDelay(receipt.requestedDelay())
        .setAchievedDelay(receipt.achievedDelay())
        .setAchievedDelay50(receipt.achievedDelay50())
        .setAchievedDelay99(receipt.achievedDelay99())
        .setLateness99(receipt.lateness99())
        .setTransferNanos(receipt.transferNanos())
        .setDecisions(receipt.decisions())
        .setDecisionHash(receipt.decisionHash())
        .build();
  }

  private static LinkReceipt fromMessage(io.podwire.proto.v1.LinkReceipt message) {
    return new LinkReceipt(
        message.getLink(),
        FaultLink.Direction.valueOf(message.getDirection()),
        message.getEnded(),
        message.getError(),
        message.getMatched(),
        message.getMatchedBytes(),
        message.getPassed(),
        message.getPassedBytes(),
        message.getAffectedMap(),
        message.getRequestedDelay(),
        message.getAchievedDelay(),
        message.getAchievedDelay50(),
        message.getAchievedDelay99(),
        message.getLateness99(),
        message.getTransferNanos(),
        message.getDecisions(),
        message.getDecisionHash());
  }
}
