package io.podwire.controlplane.fault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.model.FaultRequest;
import io.podwire.cluster.reconcile.FaultTargets.Choices;
import io.podwire.cluster.reconcile.FaultTargets.Resolution;
import io.podwire.controlplane.kind.FaultLinkText;
import io.podwire.controlplane.kind.FaultStatus;
import io.podwire.controlplane.kind.Field;
import io.podwire.controlplane.kind.Manifests;
import io.podwire.controlplane.manifest.Conditions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;

/** A fault's {@code status} as the leader writes it. Stateless. */
public final class FaultRecord {

  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private FaultRecord() {}

  /** RFC 3339 with milliseconds. */
  public static String time(long millis) {
    return MILLIS.format(Instant.ofEpochMilli(millis));
  }

  /** When a fault that began then ends; {@link Long#MAX_VALUE} where nobody has said. */
  public static long deadline(FaultRequest request, long startMillis) {
    long deadline = Long.MAX_VALUE;
    if (!request.duration().isZero()) {
      deadline = startMillis + request.duration().toMillis();
    }
    if (request.heartbeatMillis() > 0) {
      deadline = Math.min(deadline, request.heartbeatMillis() + request.leaseMillis());
    }
    return deadline;
  }

  /** The fault acts from now on. */
  public static void begin(ObjectNode manifest, FaultRequest request, long nowMillis) {
    ObjectNode status = Manifests.child(manifest, "status");
    status.put("phase", FaultStatus.RUNNING).put("startTime", time(nowMillis));
    status.put("seed", request.spec().seed());
    deadline(manifest, deadline(request, nowMillis));
  }

  /** Sets the deadline, or takes it away. */
  public static void deadline(ObjectNode manifest, long deadlineMillis) {
    ObjectNode status = Manifests.child(manifest, "status");
    if (deadlineMillis == Long.MAX_VALUE) {
      status.remove("deadline");
    } else {
      status.put("deadline", time(deadlineMillis));
    }
  }

  /** Writes down what the fault acts on. */
  public static void resolved(ObjectNode manifest, Resolution resolution, String now) {
    ObjectNode status = Manifests.child(manifest, "status");
    ArrayNode links = status.putArray("links");
    resolution.links().forEach(link -> links.add(FaultLinkText.write(link)));
    texts(status, "targets", resolution.targets());
    texts(status, "dnsClients", resolution.dnsClients().stream().map(FaultLinkText::text).toList());
    ObjectNode chosen = status.putObject("chosen");
    texts(chosen, "selector", resolution.chosen().members());
    texts(chosen, "target", resolution.chosen().others());
    String missing =
        String.join(
            "; ",
            new TreeMap<>(resolution.unmatched())
                .entrySet().stream()
                    .map(entry -> entry.getKey() + " " + entry.getValue())
                    .toList());
    boolean acts =
        !resolution.links().isEmpty()
            || !resolution.targets().isEmpty()
            || !resolution.chosen().members().isEmpty();
    message(status, missing);
    condition(manifest, "Selected", acts && missing.isEmpty(), missing, now);
    condition(manifest, "AllInjected", acts, "", now);
    condition(manifest, "AllRecovered", false, "", now);
    condition(manifest, "Paused", false, "", now);
  }

  /** What was chosen before. */
  public static Choices chosen(ObjectNode manifest) {
    Field chosen = Field.root(manifest).at("status", "chosen");
    return new Choices(names(chosen.at("selector")), names(chosen.at("target")));
  }

  /** The fault acts no more. */
  public static void end(ObjectNode manifest, long nowMillis, String now) {
    Manifests.child(manifest, "status")
        .put("phase", FaultStatus.ENDED)
        .put("endTime", time(nowMillis));
    condition(manifest, "AllInjected", false, "", now);
    condition(manifest, "AllRecovered", true, "", now);
  }

  /** The fault will never act. */
  public static void fail(ObjectNode manifest, String why) {
    ObjectNode status = Manifests.child(manifest, "status");
    status.put("phase", FaultStatus.FAILED);
    message(status, why);
  }

  private static void condition(
      ObjectNode manifest, String type, boolean holds, String message, String now) {
    Conditions.set(manifest, type, holds ? "True" : "False", "", message, now);
  }

  private static void message(ObjectNode status, String message) {
    if (message.isEmpty()) {
      status.remove("message");
    } else {
      status.put("message", message);
    }
  }

  private static void texts(ObjectNode holder, String name, List<String> texts) {
    if (texts.isEmpty()) {
      holder.remove(name);
    } else {
      ArrayNode list = holder.putArray(name);
      texts.forEach(list::add);
    }
  }

  private static List<String> names(Field list) {
    return list.items().stream().map(item -> item.textOr("")).toList();
  }
}
