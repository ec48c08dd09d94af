package io.podwire.sandbox.hold;

import io.podwire.cluster.attach.PodNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files below /etc that a container runtime shares among the containers of one network
 * namespace, written in place: whoever has them mounted sees them change.
 */
final class EtcFolder {

  private static final Path ETC = Path.of("/etc");
  private static final int MOUNT_POINT = 4;

  private final Path folder;
  private final boolean onlyMounted;

  private EtcFolder(Path folder, boolean onlyMounted) {
    this.folder = folder;
    this.onlyMounted = onlyMounted;
  }

  /** This folder's, which are made where they are missing. */
  static EtcFolder at(Path folder) {
    return new EtcFolder(folder, false);
  }

  /** Those of /etc that are mounted for this container alone; the machine's own are left alone. */
  static EtcFolder ofContainer() {
    return new EtcFolder(ETC, true);
  }

  void write(PodNetwork network) {
    write("resolv.conf", network.resolver().text());
    write("hosts", network.hostsText());
  }

  private void write(String name, String text) {
    Path file = folder.resolve(name);
    try {
      if (!onlyMounted || isMountPoint(Files.readAllLines(Path.of("/proc/self/mountinfo")), file)) {
        Files.writeString(file, text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written: " + e.getMessage(), e);
    }
  }

  /** By the lines of /proc/PID/mountinfo (proc(5)). */
  static boolean isMountPoint(List<String> mounts, Path file) {
    return mounts.stream()
        .map(line -> line.split(" "))
        .anyMatch(
            fields -> fields.length > MOUNT_POINT && fields[MOUNT_POINT].equals(file.toString()));
  }
}
