package io.podwire.agent.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.podwire.agent.fault.LinkDecisions;
import io.podwire.agent.pod.PodFleet;
import io.podwire.cluster.model.ObjectName;
import io.podwire.netstack.impair.Decision;
import io.podwire.netstack.impair.model.LossCause;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.CaptureChunk;
import io.podwire.proto.v1.CaptureRequest;
import io.podwire.proto.v1.DecisionsReply;
import io.podwire.proto.v1.DecisionsRequest;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecOutput;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;
import io.podwire.proto.v1.RulesChunk;
import io.podwire.proto.v1.RulesRequest;
import java.util.Locale;

/** The calls of {@code AgentAccess} on this node's Pods. Thread-safe. */
final class AccessService extends AgentAccessGrpc.AgentAccessImplBase {

  private final PodFleet fleet;
  private final CaptureSource source;
  private final DecisionSource decisions;
  private final RuleSource rules;

  AccessService(PodFleet fleet, CaptureSource source, DecisionSource decisions, RuleSource rules) {
    this.decisions = decisions;
    this.rules = rules;
    this.fleet = fleet;
    this.source = source;
  }

  @Override
  public StreamObserver<ExecInput> exec(StreamObserver<ExecOutput> responses) {
    return new ExecSession(fleet, (ServerCallStreamObserver<ExecOutput>) responses);
  }

  @Override
  public void logs(LogRequest request, StreamObserver<LogChunk> responses) {
    Outbound<LogChunk> out =
        new Outbound<>((ServerCallStreamObserver<LogChunk>) responses, () -> {});
    Thread.ofVirtual().name("pod-logs").start(new LogReader(fleet, request, out)::run);
  }

  @Override
  public void capture(CaptureRequest request, StreamObserver<CaptureChunk> responses) {
    new CaptureSession(fleet, source, request, (ServerCallStreamObserver<CaptureChunk>) responses)
        .start();
  }

  @Override
  public void decisions(DecisionsRequest request, StreamObserver<DecisionsReply> responses) {
    ObjectName fault = new ObjectName(request.getNamespace(), request.getFault());
    DecisionsReply.Builder reply = DecisionsReply.newBuilder();
    for (LinkDecisions link : decisions.last(fault, request.getLast())) {
      var message =
          reply
              .addLinksBuilder()
              .setLink(link.link())
              .setDirection(link.direction().name().toLowerCase(Locale.ROOT))
              .setCount(link.count())
              .setHash(link.hash());
      link.last().forEach(decision -> message.addDecisions(message(decision)));
    }
    responses.onNext(reply.build());
    responses.onCompleted();
  }

  @Override
  public void rules(RulesRequest request, StreamObserver<RulesChunk> responses) {
    Outbound<RulesChunk> out =
        new Outbound<>((ServerCallStreamObserver<RulesChunk>) responses, () -> {});
    Thread.ofVirtual().name("rules").start(new RuleSession(rules, request, out)::run);
  }

  private static io.podwire.proto.v1.Decision message(Decision decision) {
    LossCause loss = decision.loss();
    return io.podwire.proto.v1.Decision.newBuilder()
        .setIndex(decision.index())
        .setLost(loss == null ? "" : loss.name().toLowerCase(Locale.ROOT))
        .setMarked(decision.marked())
        .setDuplicated(decision.duplicated())
        .setCorrupted(decision.corrupted())
        .setReordered(decision.reordered())
        .setDelay(decision.delayNanos())
        .build();
  }
}
