package io.podwire.controlplane.fault;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.fault.Affected;
import io.podwire.cluster.fault.FaultSpec;
import io.podwire.cluster.fault.LinkReceipt;
import io.podwire.cluster.fault.Proportion;
import io.podwire.cluster.fault.ReceiptTotal;
import io.podwire.cluster.fault.Verdict;
import io.podwire.controlplane.kind.FaultReader;
import io.podwire.controlplane.kind.Kind;
import io.podwire.controlplane.kind.ManifestJson;
import io.podwire.controlplane.kind.Manifests;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code status.receipts} and what follows from them: the sums and the verdict.
 *
 * <p>A restarted reporter counts from 0 again. What its earlier runs have counted is kept beside,
 * in one entry with {@code earlier: true} for each link and direction, and added in every sum; of
 * what a run had counted when it was killed, only what it had not reported yet is missing.
 * Stateless.
 */
public final class FaultReceipts {

  private static final double MILLI = 1e6;
  private static final double BIT_NANOS = 8e9;
  private static final String[] LOSSES = {
    Affected.LOST, Affected.LIMITED, Affected.BLOCKED, Affected.TOO_LARGE
  };

  private FaultReceipts() {}

  /** Whose counts they are. */
  private record Place(String reporter, String link, String direction, boolean earlier) {

    static Place of(ObjectNode entry) {
      return new Place(
          entry.path("reporter").asText(),
          entry.path("link").asText(),
          entry.path("direction").asText(),
          entry.path("earlier").asBoolean());
    }

    Place before() {
      return new Place(reporter, link, direction, true);
    }
  }

  /**
   * Takes a report in.
   *
   * @param instance of the reporter, another one after each of its starts; empty where it is not
   *     known, and counts that went back tell of a restart
   */
  public static void merge(
      ObjectNode manifest, String reporter, String instance, List<LinkReceipt> receipts) {
    ObjectNode status = Manifests.child(manifest, "status");
    Map<Place, ObjectNode> entries = new LinkedHashMap<>();
    for (ObjectNode entry : Manifests.objects(status, "receipts")) {
      entries.put(Place.of(entry), entry);
    }
    Map<Place, LinkReceipt> reported = new LinkedHashMap<>();
    for (LinkReceipt receipt : receipts) {
      Place place = Place.of(entry(reporter, instance, receipt));
      // Two filters on one link are one place.
      reported.merge(place, receipt, (one, other) -> ReceiptTotal.of(List.of(one, other)));
    }
    for (Place place : List.copyOf(entries.keySet())) {
      ObjectNode held = entries.get(place);
      if (place.reporter().equals(reporter)
          && !place.earlier()
          && held != null
          && isOver(held, instance, reported.get(place))) {
        entries.remove(place);
        archive(entries, place.before(), held);
      }
    }
    reported.forEach((place, receipt) -> entries.put(place, entry(reporter, instance, receipt)));
    ArrayNode list = status.putArray("receipts");
    entries.values().forEach(list::add);
  }

  private static boolean isOver(ObjectNode held, String instance, @Nullable LinkReceipt now) {
    if (!held.path("instance").asText().equals(instance)) {
      return true;
    }
    return now != null
        && (now.matched() < held.path("matched").asLong()
            || now.decisions() < held.path("decisions").asLong());
  }

  private static void archive(Map<Place, ObjectNode> entries, Place place, ObjectNode held) {
    LinkReceipt receipt = ReceiptText.read(held);
    ObjectNode before = entries.get(place);
    LinkReceipt sum =
        before == null ? receipt : ReceiptTotal.of(List.of(ReceiptText.read(before), receipt));
    ObjectNode entry = entry(place.reporter(), "", sum);
    entry.put("ended", true).put("earlier", true);
    entries.put(place, entry);
  }

  private static ObjectNode entry(String reporter, String instance, LinkReceipt receipt) {
    ObjectNode entry = ManifestJson.object().put("reporter", reporter);
    if (!instance.isEmpty()) {
      entry.put("instance", instance);
    }
    entry.setAll(ReceiptText.write(receipt));
    return entry;
  }

  /** One receipt for each reporter, link and direction, earlier runs included. */
  public static List<LinkReceipt> sums(ObjectNode manifest) {
    Map<Place, List<LinkReceipt>> byPlace = new LinkedHashMap<>();
    for (ObjectNode entry : Manifests.objects(Manifests.child(manifest, "status"), "receipts")) {
      byPlace
          .computeIfAbsent(Place.of(entry).before(), place -> new ArrayList<>())
          .add(ReceiptText.read(entry));
    }
    return byPlace.values().stream().map(ReceiptTotal::of).toList();
  }

  /** Writes the sums and the verdict that the receipts give. */
  public static void judge(Kind kind, ObjectNode manifest) {
    FaultSpec spec = FaultReader.request(kind, manifest).spec();
    List<LinkReceipt> receipts = sums(manifest);
    Verdict verdict = Verdict.of(spec, receipts);
    ObjectNode status = Manifests.child(manifest, "status");
    status.put("verdict", verdict.outcome().text()).put("verdictMessage", verdict.message());
    if (receipts.isEmpty()) {
      status.put("matched", 0);
      return;
    }
    LinkReceipt total = ReceiptTotal.of(receipts);
    status.put("matched", total.matched());
    ObjectNode affected = status.putObject("affected");
    new TreeMap<>(total.affected())
        .forEach((cause, count) -> {
          if (!cause.startsWith("busy")) {
            affected.put(cause, count);
          }
        });
    status.put("decisionHash", HexFormat.of().toHexDigits(total.decisionHash()));
    achieved(status.putObject("achieved"), total);
  }

  private static void achieved(ObjectNode achieved, LinkReceipt total) {
    if (total.achievedDelay() > 0) {
      achieved.put(
          "delay",
          String.format(
              Locale.ROOT,
              "%.2f/%.2f/%.2f ms",
              total.achievedDelay() / MILLI,
              total.achievedDelay50() / MILLI,
              total.achievedDelay99() / MILLI));
    }
    if (total.transferNanos() > 0) {
      achieved.put(
          "rate",
          String.format(
              Locale.ROOT,
              "%.3f Mbit/s",
              total.passedBytes() * BIT_NANOS / total.transferNanos() / MILLI));
    }
    long lost = 0;
    for (String cause : LOSSES) {
      lost += total.affected().getOrDefault(cause, 0L);
    }
    long packets = total.matched() + total.affected().getOrDefault(Affected.DUPLICATED, 0L);
    if (packets > 0) {
      achieved.put("loss", new Proportion(lost, packets, 1).toString());
    }
  }
}
