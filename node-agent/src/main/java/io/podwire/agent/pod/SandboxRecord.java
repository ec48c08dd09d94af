package io.podwire.agent.pod;

import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a later agent needs to find a sandbox again and to be sure that it is the same one.
 *
 * @param holderStart the pause process' start time: its id may be reused, both together are not
 * @param namespace inode of the network namespace, or of the mount namespace with host network
 * @param bootId of the kernel's run in which it was made
 * @param gracePeriodSeconds between SIGTERM and SIGKILL, should the Pod be gone from the cluster
 */
record SandboxRecord(
    ObjectName pod,
    String uid,
    boolean hostNetwork,
    IpAddress ip,
    long holderPid,
    long holderStart,
    long namespace,
    String bootId,
    int gracePeriodSeconds) {

  void write(Path file) {
    Map<String, String> values = new HashMap<>();
    values.put("namespace", pod.namespace());
    values.put("name", pod.name());
    values.put("uid", uid);
    values.put("hostNetwork", Boolean.toString(hostNetwork));
    values.put("ip", ip.toString());
    values.put("holder.pid", Long.toString(holderPid));
    values.put("holder.start", Long.toString(holderStart));
    values.put("namespace.inode", Long.toString(namespace));
    values.put("boot", bootId);
    values.put("gracePeriodSeconds", Integer.toString(gracePeriodSeconds));
    StateFile.write(file, values);
  }

  /** Empty where there is none; a damaged one is an {@link IllegalStateException}. */
  static Optional<SandboxRecord> read(Path file) {
    return StateFile.read(file).map(values -> read(file, values));
  }

  private static SandboxRecord read(Path file, Map<String, String> values) {
    try {
      return new SandboxRecord(
          new ObjectName(value(values, "namespace"), value(values, "name")),
          value(values, "uid"),
          Boolean.parseBoolean(value(values, "hostNetwork")),
          IpAddress.parse(value(values, "ip")),
          Long.parseLong(value(values, "holder.pid")),
          Long.parseLong(value(values, "holder.start")),
          Long.parseLong(value(values, "namespace.inode")),
          value(values, "boot"),
          Integer.parseInt(value(values, "gracePeriodSeconds")));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(file + " is damaged: " + e.getMessage(), e);
    }
  }

  private static String value(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return value;
  }

  /** Identifies the kernel's run. */
  static String currentBootId() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("reading the boot id", e);
    }
  }
}
