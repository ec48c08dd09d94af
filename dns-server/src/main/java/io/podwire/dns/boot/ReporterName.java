package io.podwire.dns.boot;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What tells one DNS server from another in reports. */
final class ReporterName {
  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  private ReporterName() {}

  /** {@code dns-server/HOST/PID}: one that was started again reports for itself. */
  static String ofThisProcess() {
    return "dns-server/" + hostName() + "/" + ProcessHandle.current().pid();
  }

  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
