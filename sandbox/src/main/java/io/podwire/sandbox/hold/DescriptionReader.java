package io.podwire.sandbox.hold;

import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.model.Container.ContainerPort;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.PortRef;
import io.podwire.cluster.model.Probe;
import io.podwire.cluster.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a Pod's description of the options; collects everything that is wrong with them. */
final class DescriptionReader {

  private static final Pattern PORT =
      Pattern.compile(
          "(?:([a-z0-9-]+)=)?([0-9]{1,5})(?:/(tcp|udp|sctp))?", Pattern.CASE_INSENSITIVE);
  private static final Pattern PROBE =
      Pattern.compile("(tcp|http|https):([a-z0-9-]+)(/.*)?", Pattern.CASE_INSENSITIVE);
  private static final String NAME = "[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?";
  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";

  /** The readiness that this program itself tells, by a file. */
  static final String FILE = "file:";

  private static final int LAST_PORT = 65_535;
  private static final int FAILURES = 3;

  private final List<String> problems = new ArrayList<>();

  /** Options that make no description, each with its name, value and what to write. */
  static final class InvalidOptions extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidOptions(List<String> problems) {
      super(String.join("\n", problems));
    }
  }

  /** Reads the options or throws {@link InvalidOptions} with everything that is wrong. */
  static PodDescription read(SandboxOptions options) {
    DescriptionReader reader = new DescriptionReader();
    PodDescription pod =
        new PodDescription(
            reader.name(options),
            reader.labels(options.labels),
            reader.ports(options.ports),
            reader.readiness(options.readiness, options.readinessPeriod),
            options.hostname.isEmpty() ? null : options.hostname);
    if (!reader.problems.isEmpty()) {
      throw new InvalidOptions(reader.problems);
    }
    return pod;
  }

  private ObjectName name(SandboxOptions options) {
    if (options.name.isEmpty()) {
      problems.add("--name: missing; give the Pod's name, such as db (or PODWIRE_POD_NAME)");
    } else if (!options.name.matches(NAME)) {
      problems.add("--name: '" + options.name + "' is not a DNS subdomain; write it like db-1");
    }
    if (!options.namespace.matches(LABEL)) {
      problems.add(
          "--namespace: '" + options.namespace + "' is not a DNS label; write it like shop");
    }
    if (!options.hostname.isEmpty() && !options.hostname.matches(LABEL)) {
      problems.add("--hostname: '" + options.hostname + "' is not a DNS label; write it like db-1");
    }
    return new ObjectName(options.namespace, options.name);
  }

  private Map<String, String> labels(List<String> texts) {
    Map<String, String> labels = new TreeMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals < 1) {
        problems.add("--label: '" + text + "' is not key=value");
      } else {
        labels.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    return labels;
  }

  private List<ContainerPort> ports(List<String> texts) {
    List<ContainerPort> ports = new ArrayList<>();
    for (String text : texts) {
      Matcher matcher = PORT.matcher(text);
      int number = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
      if (number < 1 || number > LAST_PORT) {
        problems.add("--port: '" + text + "' is no port; write it like http=8080/tcp");
        continue;
      }
      String name = matcher.group(1);
      String protocol = matcher.group(3);
      ports.add(
          new ContainerPort(
              name == null ? "" : name,
              number,
              protocol == null
                  ? Protocol.TCP
                  : Protocol.valueOf(protocol.toUpperCase(Locale.ROOT))));
    }
    return ports;
  }

  private @Nullable Probe readiness(String text, int period) {
    if (text.isEmpty()) {
      return null;
    }
    if (text.startsWith(FILE)) {
      if (text.length() == FILE.length()) {
        problems.add("--readiness: '" + text + "' names no file; write file:/run/podwire/healthy");
      }
      PortRef own = new PortRef.Number(ReadyFilePort.PORT);
      Probe.Action asked = new Probe.HttpGet("HTTP", "", own, ReadyFilePort.PATH);
      return new Probe(asked, 0, Math.max(1, period), 1, 1, FAILURES);
    }
    Matcher matcher = PROBE.matcher(text);
    boolean isTcp = text.toLowerCase(Locale.ROOT).startsWith("tcp");
    if (!matcher.matches() || (isTcp && matcher.group(3) != null)) {
      problems.add(
          "--readiness: '"
              + text
              + "' is no probe; write tcp:5432, http:8080/healthz or file:/run/podwire/healthy");
      return null;
    }
    if (period < 1) {
      problems.add("--readiness-period: " + period + " is too short; write 1 or more");
    }
    PortRef port = portRef(matcher.group(2));
    String path = matcher.group(3) == null ? "/" : matcher.group(3);
    Probe.Action action =
        isTcp
            ? new Probe.TcpSocket("", port)
            : new Probe.HttpGet(matcher.group(1).toUpperCase(Locale.ROOT), "", port, path);
    return new Probe(action, 0, Math.max(1, period), 1, 1, FAILURES);
  }

  private PortRef portRef(String text) {
    if (!text.matches("[0-9]+")) {
      return new PortRef.Named(text);
    }
    int number = text.length() > 5 ? 0 : Integer.parseInt(text);
    if (number < 1 || number > LAST_PORT) {
      problems.add("--readiness: " + text + " is no port; choose 1-" + LAST_PORT);
    }
    return new PortRef.Number(number);
  }
}
