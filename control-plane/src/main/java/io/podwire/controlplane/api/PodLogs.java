package io.podwire.controlplane.api;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** What a Pod's program has printed, from the agent that keeps it ({@code kubectl logs}). */
final class PodLogs {

  private static final List<String> UNSUPPORTED = List.of("sinceSeconds", "sinceTime");

  private final PodAccess pods;
  private final AgentChannels agents;

  PodLogs(PodAccess pods, AgentChannels agents) {
    this.pods = pods;
    this.agents = agents;
  }

  void log(Request request, Exchange exchange) throws InterruptedException, IOException {
    for (String option : UNSUPPORTED) {
      if (!request.query(option).isEmpty()) {
        throw ApiException.badRequest(option + " is not supported; use tailLines");
      }
    }
    if (request.flag("timestamps")) {
      throw ApiException.badRequest("timestamps are not kept; leave the parameter out");
    }
    PodAccess.Target target = pods.find(request);
    long tail = request.number("tailLines", -1);
    LogRequest call =
        LogRequest.newBuilder()
            .setNamespace(target.pod().key().namespace())
            .setPod(target.pod().key().name())
            .setContainer(target.container())
            .setFollow(request.flag("follow"))
            .setTailLines((int) Math.min(tail, Integer.MAX_VALUE))
            .setPrevious(request.flag("previous"))
            .build();
    ManagedChannel channel = agents.connect(target.node());
    try (Context.CancellableContext context = Context.current().withCancellation()) {
      exchange.onClose(() -> context.cancel(null));
      Context previous = context.attach();
      try {
        copy(target, channel, call, request.number("limitBytes", Long.MAX_VALUE), exchange);
      } finally {
        context.detach(previous);
      }
    }
  }

  private static void copy(
      PodAccess.Target target,
      ManagedChannel channel,
      LogRequest call,
      long limit,
      Exchange exchange)
      throws IOException, InterruptedException {
    // The iterator asks for a chunk only when the one before has been taken: the client's pace.
    Iterator<LogChunk> chunks = AgentAccessGrpc.newBlockingStub(channel).logs(call);
    boolean some;
    try {
      some = hasNextOrEnd(chunks, call.getFollow());
    } catch (StatusRuntimeException e) {
      throw AgentChannels.failure(target.node(), e);
    }
    BodyStream stream = exchange.stream(200, Exchange.TEXT);
    try {
      long left = limit;
      while (left > 0 && (some || chunks.hasNext())) {
        some = false;
        byte[] data = chunks.next().getData().toByteArray();
        byte[] piece = data.length <= left ? data : Arrays.copyOf(data, (int) left);
        stream.write(piece);
        left -= piece.length;
      }
      stream.end();
    } catch (StatusRuntimeException e) {
      stream.abort();
    }
  }

  /**
   * Whether there is a chunk, known before the answer begins, so that a failure can still be a
   * Status; a follower is answered at once, since a quiet program may print nothing for long.
   */
  private static boolean hasNextOrEnd(Iterator<LogChunk> chunks, boolean follow) {
    return !follow && chunks.hasNext();
  }
}
