package io.podwire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cli.local.ClusterHome;
import io.podwire.cli.local.ClusterRecord;
import io.podwire.cli.local.LocalCluster;
import io.podwire.cli.outcome.ExitCode;
import io.podwire.cli.print.ResourceTable;
import io.podwire.cli.print.TextTable;
import io.podwire.client.api.ApiClient;
import io.podwire.client.api.Resource;
import io.podwire.client.failure.ClientFailure;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code podwire status}: what runs, where, and whether it serves. */
@Command(
    name = "status",
    description = "Show the cluster: its programs, Nodes, Pods and DNS.",
    mixinStandardHelpOptions = true)
final class StatusCommand extends Invocation implements Callable<Integer> {
  @Override
  public Integer call() {
    PrintWriter out = out();
    boolean well = podwire().isRemote() || printPrograms(out);
    try (ApiClient api = podwire().connect()) {
      JsonNode version = api.get("/version");
      out.println(
          "API: "
              + podwire().address().text()
              + ", "
              + version.path("gitVersion").asText()
              + " (podwire "
              + Podwire.Version.text()
              + ")");
      out.println("DNS: " + dns(api));
      print(api, Resource.NODE, "Nodes");
      print(api, Resource.POD, "Pods");
    } catch (ClientFailure failure) {
      out.println("API: " + failure.getMessage());
      well = false;
    }
    return well ? ExitCode.OK : ExitCode.FAILED;
  }

  private boolean printPrograms(PrintWriter out) {
    ClusterHome home = podwire().home();
    LocalCluster cluster = new LocalCluster(home);
    ClusterRecord record = cluster.record();
    out.println(
        "Cluster: "
            + home.name()
            + ", "
            + (record.phase() == ClusterRecord.Phase.RUNNING ? "up" : "starting")
            + " since "
            + record.started());
    out.println("State: " + home.folder());
    TextTable table = new TextTable();
    table.add(List.of("PROGRAM", "STATE", "PID", "RESTARTS", "LOG"));
    boolean well = true;
    for (LocalCluster.Program program : cluster.programs()) {
      boolean running = program.pid() != 0;
      well &= running && program.ready();
      table.add(
          List.of(
              program.name(),
              running ? program.ready() ? "ready" : "starting" : "not running",
              running ? Long.toString(program.pid()) : "-",
              Integer.toString(program.ended()),
              home.log(program.name()).toString()));
    }
    out.println();
    out.println(table.text());
    return well;
  }

  private static String dns(ApiClient api) {
    JsonNode service = api.get(Resource.SERVICE.objectPath("kube-system", "kube-dns"));
    String slices =
        Resource.ENDPOINT_SLICE.listPath("kube-system")
            + "?labelSelector="
            + Resource.encode("kubernetes.io/service-name=kube-dns");
    // A server with addresses of both families is in a slice of each.
    Set<String> servers = new HashSet<>();
    for (JsonNode slice : api.get(slices).path("items")) {
      for (JsonNode endpoint : slice.path("endpoints")) {
        if (endpoint.path("conditions").path("ready").asBoolean(true)) {
          String pod = endpoint.path("targetRef").path("name").asText();
          servers.add(pod.isEmpty() ? endpoint.path("addresses").toString() : pod);
        }
      }
    }
    int ready = servers.size();
    return service.path("spec").path("clusterIP").asText()
        + (ready == 0
            ? ", not ready"
            : ", " + ready + (ready == 1 ? " server" : " servers") + " ready");
  }

  private void print(ApiClient api, Resource resource, String title) {
    out().println();
    out().println(title + ":");
    out()
        .print(
            new ResourceTable(resource, true, true)
                .text(api.get(resource.listPath(null)).path("items"), Instant.now()));
  }
}
