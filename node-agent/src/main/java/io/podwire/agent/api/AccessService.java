package io.podwire.agent.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.podwire.agent.pod.PodFleet;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecOutput;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;

/** The calls of {@code AgentAccess} on this node's Pods. Thread-safe. */
final class AccessService extends AgentAccessGrpc.AgentAccessImplBase {

  private final PodFleet fleet;

  AccessService(PodFleet fleet) {
    this.fleet = fleet;
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
}
