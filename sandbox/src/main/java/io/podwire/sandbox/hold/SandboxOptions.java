package io.podwire.sandbox.hold;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line as written; {@link DescriptionReader} checks what describes the Pod. */
final class SandboxOptions {

  @Option(
      names = "--name",
      defaultValue = "${env:PODWIRE_POD_NAME:-}",
      description = "the Pod's name")
  String name = "";

  @Option(
      names = "--namespace",
      defaultValue = "${env:PODWIRE_POD_NAMESPACE:-default}",
      description = "the Pod's namespace (default: ${DEFAULT-VALUE})")
  String namespace = "default";

  @Option(
      names = "--label",
      split = ",",
      paramLabel = "KEY=VALUE",
      defaultValue = "${env:PODWIRE_POD_LABELS}",
      description = "a label, by which Services and faults select the Pod; may be repeated")
  List<String> labels = new ArrayList<>();

  @Option(
      names = "--port",
      split = ",",
      paramLabel = "[NAME=]PORT[/PROTOCOL]",
      defaultValue = "${env:PODWIRE_POD_PORTS}",
      description =
          "a port that the Pod's programs listen on, such as http=8080/tcp; may be repeated")
  List<String> ports = new ArrayList<>();

  @Option(
      names = "--readiness",
      paramLabel = "PROBE",
      defaultValue = "${env:PODWIRE_POD_READINESS:-}",
      description =
          "what the node tries before Services send anything here: tcp:PORT, http:PORT/PATH,"
              + " https:PORT/PATH, or file:PATH for a file of this container, about which port "
              + ReadyFilePort.PORT
              + " of the Pod tells (default: ready at once)")
  String readiness = "";

  @Option(
      names = "--readiness-period",
      paramLabel = "SECONDS",
      defaultValue = "${env:PODWIRE_POD_READINESS_PERIOD:-1}",
      description = "between two tries (default: ${DEFAULT-VALUE})")
  int readinessPeriod = 1;

  @Option(
      names = "--hostname",
      defaultValue = "${env:PODWIRE_POD_HOSTNAME:-}",
      description = "in /etc/hosts (default: the Pod's name)")
  String hostname = "";

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      defaultValue = "${env:PODWIRE_ATTACH_SOCKET:-/run/podwire/attach.sock}",
      description = "the node's agent's --attach-socket (default: ${DEFAULT-VALUE})")
  Path socket = Path.of("/run/podwire/attach.sock");

  @Option(
      names = "--interface",
      defaultValue = "${env:PODWIRE_POD_INTERFACE:-eth0}",
      description = "the Pod's interface, made here (default: ${DEFAULT-VALUE})")
  String interfaceName = "eth0";

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "${env:PODWIRE_SANDBOX_WAIT:-5}",
      description = "for an agent that is not there yet (default: ${DEFAULT-VALUE})")
  int waitSeconds = 5;

  @Option(
      names = "--reconnect",
      paramLabel = "SECONDS",
      defaultValue = "${env:PODWIRE_SANDBOX_RECONNECT:-60}",
      description = "for an agent that is not there any more (default: ${DEFAULT-VALUE})")
  int reconnectSeconds = 60;

  @Option(
      names = "--ready-file",
      paramLabel = "FILE",
      defaultValue = "${env:PODWIRE_READY_FILE}",
      description = "there while the Pod is attached")
  @Nullable Path readyFile;

  @Option(
      names = "--etc",
      paramLabel = "DIR",
      description =
          "where resolv.conf and hosts are written (default: those in /etc that are mounted for"
              + " this container alone)")
  @Nullable Path etc;
}
