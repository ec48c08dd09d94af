package io.podwire.agent.pod;

import io.podwire.cluster.attach.KeptInterface;
import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.IpAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a later agent needs to give an attached Pod its address again.
 *
 * @param kept null where another program holds the TAP
 * @param namespace inode of the network namespace of a kept TAP; else 0
 * @param bootId of the kernel's run in which it was attached
 */
record AttachedRecord(
    ObjectName pod,
    String uid,
    IpAddress ip,
    String description,
    @Nullable KeptInterface kept,
    long namespace,
    String bootId) {

  void write(Path file) {
    Map<String, String> values = new HashMap<>();
    values.put("namespace", pod.namespace());
    values.put("name", pod.name());
    values.put("uid", uid);
    values.put("ip", ip.toString());
    values.put("description", description);
    if (kept != null) {
      values.put("kept.id", kept.id());
      values.put("kept.netns", kept.netns());
      values.put("kept.interface", kept.interfaceName());
      values.put("kept.inode", Long.toString(namespace));
    }
    values.put("boot", bootId);
    StateFile.write(file, values);
  }

  /** Empty where there is none. */
  static Optional<AttachedRecord> read(Path file) {
    return StateFile.read(file)
        .map(values -> {
          try {
            return read(values);
          } catch (IllegalArgumentException e) {
            throw new IllegalStateException(file + " is damaged: " + e.getMessage(), e);
          }
        });
  }

  private static AttachedRecord read(Map<String, String> values) {
    KeptInterface kept =
        values.containsKey("kept.id")
            ? new KeptInterface(
                value(values, "kept.id"),
                value(values, "kept.netns"),
                value(values, "kept.interface"))
            : null;
    return new AttachedRecord(
        new ObjectName(value(values, "namespace"), value(values, "name")),
        value(values, "uid"),
        IpAddress.parse(value(values, "ip")),
        value(values, "description"),
        kept,
        kept == null ? 0 : Long.parseLong(value(values, "kept.inode")),
        value(values, "boot"));
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }
}
