package io.podwire.controlplane.api;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.podwire.cluster.fault.GoDuration;
import io.podwire.cluster.model.Node;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.CaptureChunk;
import io.podwire.proto.v1.CaptureRequest;
import java.io.IOException;
import java.util.Iterator;

/** Packets of a Pod's link or a node's uplink as pcapng, from the agent that sees them pass. */
final class PacketCapture {

  private static final String PCAPNG = "application/x-pcapng";

  private final PodAccess pods;
  private final AgentChannels agents;

  PacketCapture(PodAccess pods, AgentChannels agents) {
    this.pods = pods;
    this.agents = agents;
  }

  void pod(Request request, Exchange exchange) throws InterruptedException, IOException {
    PodAccess.Target target = pods.find(request);
    CaptureRequest call =
        call(request)
            .setNamespace(target.pod().key().namespace())
            .setPod(target.pod().key().name())
            .build();
    capture(target.node(), call, exchange);
  }

  void node(Request request, Exchange exchange) throws InterruptedException, IOException {
    capture(pods.node(request), call(request).build(), exchange);
  }

  private static CaptureRequest.Builder call(Request request) {
    long snapLength = request.number("snaplen", 0);
    return CaptureRequest.newBuilder()
        .setFilter(request.query("filter"))
        .setCount(request.number("count", 0))
        .setDuration(duration(request.query("duration")))
        .setSnapLength((int) Math.min(snapLength, Integer.MAX_VALUE));
  }

  private static long duration(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      long nanos = GoDuration.parse(text).toNanos();
      if (nanos > 0) {
        return nanos;
      }
    } catch (IllegalArgumentException wrong) {
      throw ApiException.badRequest("duration '" + text + "' " + wrong.getMessage());
    }
    throw ApiException.badRequest("duration '" + text + "' is not more than 0");
  }

  private void capture(Node node, CaptureRequest call, Exchange exchange)
      throws InterruptedException, IOException {
    var stub = AgentAccessGrpc.newBlockingStub(agents.connect(node));
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      exchange.onClose(() -> context.cancel(null));
      Context previous = context.attach();
      try {
        // The iterator asks for a chunk only when the one before has been taken: the client's pace.
        Iterator<CaptureChunk> chunks = stub.capture(call);
        // The first comes at once, or the reason why there will be none.
        boolean more = chunks.hasNext();
        BodyStream stream = exchange.stream(200, PCAPNG);
        while (more) {
          stream.write(chunks.next().getData().toByteArray());
          more = chunks.hasNext();
        }
        stream.end();
      } catch (StatusRuntimeException e) {
        throw AgentChannels.failure(node, e);
      } finally {
        context.detach(previous);
      }
    }
  }
}
