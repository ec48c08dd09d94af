package io.podwire.controlplane.api;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.LogChunk;
import io.podwire.proto.v1.LogRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a Pod's program has printed, from the agent that keeps it ({@code kubectl logs}). */
final class PodLogs {

  private static final List<String> UNSUPPORTED = List.of("sinceSeconds", "sinceTime");

  /** How long the answer waits for a failure that could still be told by a Status. */
  private static final Duration FIRST_CHUNK = Duration.ofSeconds(1);

  private final PodAccess pods;
  private final AgentChannels agents;
  private final ExecutorService executor;

  PodLogs(PodAccess pods, AgentChannels agents, ExecutorService executor) {
    this.pods = pods;
    this.agents = agents;
    this.executor = executor;
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
        copy(channel, call, request.number("limitBytes", Long.MAX_VALUE), exchange);
      } catch (StatusRuntimeException e) {
        throw AgentChannels.failure(target.node(), e);
      } finally {
        context.detach(previous);
      }
    }
  }

  private void copy(ManagedChannel channel, LogRequest call, long limit, Exchange exchange)
      throws IOException, InterruptedException {
    // The iterator asks for a chunk only when the one before has been taken: the client's pace.
    Iterator<LogChunk> chunks = AgentAccessGrpc.newBlockingStub(channel).logs(call);
    Future<Boolean> first = executor.submit(chunks::hasNext);
    awaitFirst(first);
    BodyStream stream = exchange.stream(200, Exchange.TEXT);
    long left = limit;
    boolean more = result(first);
    while (more && left > 0) {
      byte[] data = chunks.next().getData().toByteArray();
      byte[] piece = data.length <= left ? data : Arrays.copyOf(data, (int) left);
      stream.write(piece);
      left -= piece.length;
      more = chunks.hasNext();
    }
    stream.end();
  }

  /** Waits a little: a failure comes at once, a quiet program may print nothing for hours. */
  private static void awaitFirst(Future<Boolean> first) throws InterruptedException {
    try {
      first.get(FIRST_CHUNK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException quiet) {
      // The answer begins empty.
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private static boolean result(Future<Boolean> first) throws InterruptedException {
    try {
      return first.get();
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private static RuntimeException unwrapped(ExecutionException e) {
    return e.getCause() instanceof StatusRuntimeException failure
        ? failure
        : new IllegalStateException(e.getCause());
  }
}
