package io.podwire.controlplane.api;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.podwire.cluster.model.Node;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.RulesChunk;
import io.podwire.proto.v1.RulesRequest;
import java.io.IOException;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

/** The rules by which a node balances Services, from its agent, as text. */
final class ServiceRules {

  private static final int ANSWER_SECONDS = 30;

  private final PodAccess pods;
  private final AgentChannels agents;

  ServiceRules(PodAccess pods, AgentChannels agents) {
    this.pods = pods;
    this.agents = agents;
  }

  void rules(Request request, Exchange exchange) throws InterruptedException, IOException {
    Node node = pods.node(request);
    String family = request.query("family");
    if (!family.isEmpty() && !family.equals("ipv4") && !family.equals("ipv6")) {
      throw ApiException.badRequest("family '" + family + "' is neither ipv4 nor ipv6");
    }
    RulesRequest call =
        RulesRequest.newBuilder()
            .setMode(request.query("mode"))
            .setIpv6(family.equals("ipv6"))
            .build();
    var stub =
        AgentAccessGrpc.newBlockingStub(agents.connect(node))
            .withDeadlineAfter(ANSWER_SECONDS, TimeUnit.SECONDS);
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      exchange.onClose(() -> context.cancel(null));
      Context previous = context.attach();
      try {
        Iterator<RulesChunk> chunks = stub.rules(call);
        // The first piece comes at once, or the reason why there will be none.
        boolean more = chunks.hasNext();
        BodyStream stream = exchange.stream(200, Exchange.TEXT);
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
