package io.podwire.agent.api;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.podwire.agent.pod.PodFleet;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.CaptureChunk;
import io.podwire.proto.v1.CaptureRequest;
import io.podwire.proto.v1.ExecInput;
import io.podwire.proto.v1.ExecOutput;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;

/** The calls of {@code AgentAccess} on this node's Pods. Thread-safe. */
final class AccessService extends AgentAccessGrpc.AgentAccessImplBase {

  private final PodFleet fleet;
  private final CaptureSource source;

  AccessService(PodFleet fleet, CaptureSource source) {
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
}
