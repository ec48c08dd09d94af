package io.podwire.agent.api;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.podwire.netstack.service.ProxySettings;
import io.podwire.netstack.service.mode.RuleExport;
import io.podwire.proto.v1.RulesChunk;
import io.podwire.proto.v1.RulesRequest;

/**
 * Prints a node's rules for one call. The event loop gives a list, the text is made here.
 *
 * <p>Blocks; for a virtual thread of its own.
 */
final class RuleSession {

  private static final int CHUNK = 32 * 1024;

  private final RuleSource source;
  private final RulesRequest request;
  private final Outbound<RulesChunk> out;

  RuleSession(RuleSource source, RulesRequest request, Outbound<RulesChunk> out) {
    this.source = source;
    this.request = request;
    this.out = out;
  }

  void run() {
    try {
      RuleExport rules = source.rules();
      ProxySettings mode =
          request.getMode().isEmpty() ? rules.settings() : ProxySettings.parse(request.getMode());
      ByteString text = ByteString.copyFromUtf8(rules.text(mode, !request.getIpv6()));
      for (int at = 0; at < text.size(); at += CHUNK) {
        ByteString piece = text.substring(at, Math.min(text.size(), at + CHUNK));
        if (!out.send(RulesChunk.newBuilder().setData(piece).build())) {
          return;
        }
      }
      out.finish();
    } catch (IllegalArgumentException wrong) {
      out.fail(Status.INVALID_ARGUMENT.withDescription(wrong.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      out.fail(Status.UNAVAILABLE.withDescription("the agent stops"));
    } catch (RuntimeException e) {
      out.fail(Status.INTERNAL.withDescription("printing the rules: " + e));
    }
  }
}
