package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cli.fault.FaultHolder;
import io.podwire.cli.fault.FaultManifest;
import io.podwire.cli.fault.FaultReport;
import io.podwire.cli.fault.FaultScope;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Consumer;

/** Makes a fault, holds it where nothing else does, and tells what came of it. */
abstract class FaultMaker extends Invocation {

  final int make(String what, FaultScope scope, Consumer<ObjectNode> effect) {
    return make(what, scope, false, false, effect);
  }

  final int makeOnce(String what, FaultScope scope, boolean once, Consumer<ObjectNode> effect) {
    return make(what, scope, false, once, effect);
  }

  final int makeOnNodes(String what, FaultScope scope, boolean once, Consumer<ObjectNode> effect) {
    return make(what, scope, true, once, effect);
  }

  /**
   * @param once whether it happens at once and needs no holder
   */
  private int make(
      String what, FaultScope scope, boolean onNodes, boolean once, Consumer<ObjectNode> effect) {
    boolean held = scope.holds() && !once;
    ObjectNode manifest = FaultManifest.of(what, scope, onNodes, held, Instant.now(), effect);
    String path = Resource.NETWORK_FAULT.listPath(scope.namespace());
    try (ApiClient api = podwire().connect()) {
      JsonNode fault =
          api.post(
              scope.dryRun() ? path + "?dryRun=All" : path,
              manifest.toString().getBytes(StandardCharsets.UTF_8),
              "application/json");
      if (scope.dryRun()) {
        out().print(FaultReport.links(fault));
        return ExitCode.OK;
      }
      String name = fault.path("metadata").path("name").asText();
      out().println("networkfault/" + name + " created");
      out().flush();
      FaultHolder holder =
          new FaultHolder(
              api, Resource.NETWORK_FAULT.objectPath(scope.namespace(), name), this::complain);
      if (held) {
        return hold(holder, scope);
      }
      return scope.waits() ? await(holder) : ExitCode.OK;
    }
  }

  private int hold(FaultHolder holder, FaultScope scope) {
    holder.stopOnSignals();
    err().println("Ctrl-C ends it.");
    err().flush();
    if (!holder.hold(scope.lease())) {
      out().println("it has ended without us");
      return ExitCode.FAILED;
    }
    JsonNode fault = holder.end();
    out().print(FaultReport.receipt(fault));
    out().flush();
    holder.remove();
    return scope.waits() && FaultReport.failed(fault) ? ExitCode.FAILED : ExitCode.OK;
  }

  private void complain(String text) {
    err().println("podwire: " + text);
    err().flush();
  }

  private int await(FaultHolder holder) {
    holder.stopOnSignals();
    holder.awaitEnd();
    JsonNode fault = holder.end();
    out().print(FaultReport.receipt(fault));
    return FaultReport.failed(fault) ? ExitCode.FAILED : ExitCode.OK;
  }
}
