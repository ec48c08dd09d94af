package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * What a fault's metadata say.
 *
 * @param uid empty where the object has none yet, as in a dry run
 */
record FaultIdentity(String namespace, String name, String uid) {

  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  static FaultIdentity of(Field manifest) {
    Field metadata = manifest.at("metadata");
    return new FaultIdentity(
        metadata.at("namespace").textOr("default"),
        metadata.at("name").textOr(""),
        metadata.at("uid").textOr(""));
  }

  /** The seed that is written, or one that is the object's own. */
  long seed(Field written) {
    JsonNode node = written.node();
    return node != null && node.isIntegralNumber() && node.canConvertToLong()
        ? node.longValue()
        : defaultSeed();
  }

  /** FNV-1a over the uid: the same wherever it is computed. */
  long defaultSeed() {
    String text = uid.isEmpty() ? namespace + "/" + name : uid;
    long hash = FNV_BASIS;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (octet & 0xff)) * FNV_PRIME;
    }
    return hash;
  }

  /** The holder's last heartbeat since the epoch; the object's creation before the first one. */
  long heartbeatMillis(Field manifest, FaultInput input) {
    Field metadata = manifest.at("metadata");
    Field heartbeat = metadata.at("annotations").entries().get(FaultReader.HEARTBEAT_ANNOTATION);
    OptionalLong created = millis(metadata.at("creationTimestamp"));
    if (heartbeat == null || !heartbeat.isGiven()) {
      return created.orElse(1);
    }
    OptionalLong read = millis(heartbeat);
    if (read.isEmpty()) {
      input
          .problems()
          .invalid(
              heartbeat, heartbeat.shown() + " is no time; write it as 2025-01-31T12:00:00.000Z");
    }
    return read.orElse(created.orElse(1));
  }

  /** RFC 3339, section 5.6, in milliseconds since the epoch. */
  static OptionalLong millis(Field time) {
    try {
      return OptionalLong.of(Instant.parse(time.textOr("")).toEpochMilli());
    } catch (DateTimeException e) {
      return OptionalLong.empty();
    }
  }
}
