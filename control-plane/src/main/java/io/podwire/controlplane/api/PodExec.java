package io.podwire.controlplane.api;

import io.grpc.ManagedChannel;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.podwire.cluster.model.PodPhase;
import io.podwire.proto.v1.AgentAccessGrpc;
import io.podwire.proto.v1.ExecStart;
import java.util.List;
import java.util.Locale;

/**
 * Runs a program in a Pod over WebSocket ({@code kubectl exec}, subprotocol {@code
 * v5.channel.k8s.io}).
 *
 * <p>Everything that can go wrong beforehand is answered as a Status instead of the upgrade.
 */
// A failed write closes the channel, and that is noticed.
@SuppressWarnings("FutureReturnValueIgnored")
final class PodExec {

  private static final String SUBPROTOCOLS = "v5.channel.k8s.io,v4.channel.k8s.io";
  private static final int MAX_FRAME = 1 << 20;

  private final PodAccess pods;
  private final AgentChannels agents;

  PodExec(PodAccess pods, AgentChannels agents) {
    this.pods = pods;
    this.agents = agents;
  }

  void exec(Request request, Exchange exchange) throws InterruptedException {
    checkUpgrade(request);
    List<String> command = request.query().getOrDefault("command", List.of());
    if (command.isEmpty()) {
      throw ApiException.badRequest(
          "command: write the program and its arguments, one parameter each");
    }
    ExecSession.Streams streams =
        new ExecSession.Streams(
            request.flag("stdin"),
            request.flag("stdout"),
            request.flag("stderr"),
            request.flag("tty"));
    if (!streams.stdin() && !streams.stdout() && !streams.stderr()) {
      throw ApiException.badRequest("ask for at least one of stdin, stdout and stderr");
    }
    PodAccess.Target target = pods.find(request);
    PodPhase phase = target.pod().phase();
    if (phase != PodPhase.RUNNING) {
      throw ApiException.badRequest(
          "container "
              + target.container()
              + " does not run: pod "
              + target.pod().key()
              + " is "
              + phase.text());
    }
    ManagedChannel agent = agents.connect(target.node());
    ExecStart start =
        ExecStart.newBuilder()
            .setNamespace(target.pod().key().namespace())
            .setPod(target.pod().key().name())
            .setContainer(target.container())
            .addAllCommand(command)
            .setStdin(streams.stdin())
            .setTty(streams.tty())
            .build();
    ExecSession session = new ExecSession(start, streams, target.node());
    exchange.onClose(session::clientGone);
    Exchange.WebSocketUpgrade upgrade = exchange.upgrade();
    Channel channel = upgrade.channel();
    channel
        .eventLoop()
        .execute(
            () -> handshake(channel, upgrade.request(), session, AgentAccessGrpc.newStub(agent)));
  }

  /** On the event loop. */
  private static void handshake(
      Channel channel,
      FullHttpRequest request,
      ExecSession session,
      AgentAccessGrpc.AgentAccessStub agent) {
    try {
      WebSocketServerHandshaker handshaker =
          new WebSocketServerHandshakerFactory(request.uri(), SUBPROTOCOLS, false, MAX_FRAME)
              .newHandshaker(request);
      if (handshaker == null) {
        WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(channel);
        channel.close();
        return;
      }
      channel.pipeline().addLast(new WebSocketFrameAggregator(MAX_FRAME));
      channel.pipeline().addLast(new ExecSocket(session, handshaker));
      handshaker
          .handshake(channel, request)
          .addListener(future -> {
            if (future.isSuccess()) {
              session.start(channel, agent);
            } else {
              channel.close();
            }
          });
    } catch (RuntimeException e) {
      channel.close();
    } finally {
      request.release();
    }
  }

  private static void checkUpgrade(Request request) {
    String offered = request.header(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL.toString());
    boolean webSocket =
        request.header("upgrade").toLowerCase(Locale.ROOT).equals("websocket")
            && request.header("connection").toLowerCase(Locale.ROOT).contains("upgrade");
    if (!webSocket) {
      throw ApiException.badRequest(
          "exec needs an upgrade to WebSocket (SPDY is not supported); use kubectl 1.30 or newer");
    }
    if (List.of(offered.split("\\s*,\\s*", -1)).stream()
        .noneMatch(List.of(SUBPROTOCOLS.split(",", -1))::contains)) {
      throw ApiException.badRequest(
          "Sec-WebSocket-Protocol: '"
              + offered
              + "' is not supported; offer one of "
              + SUBPROTOCOLS);
    }
  }
}
