package io.podwire.bench.program;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Which ports are served in a process' network namespace (proc_net(5)); a moment's answer. */
public final class ListeningPorts {
  private static final String TCP_LISTEN = "0A";
  private static final int LOCAL_FIELD = 1;
  private static final int STATE_FIELD = 3;

  private ListeningPorts() {}

  /** Whether a TCP socket listens on the port. */
  public static boolean tcp(long pid, int port) {
    return anyLine(pid, List.of("tcp", "tcp6"), port, true);
  }

  /** Whether a UDP socket is bound to the port. */
  public static boolean udp(long pid, int port) {
    return anyLine(pid, List.of("udp", "udp6"), port, false);
  }

  private static boolean anyLine(long pid, List<String> tables, int port, boolean listening) {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    for (String table : tables) {
      try {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
          List<String> fields = List.of(line.strip().split("\\s+", STATE_FIELD + 2));
          if (fields.size() > STATE_FIELD
              && fields.get(LOCAL_FIELD).endsWith(suffix)
              && (!listening || fields.get(STATE_FIELD).equals(TCP_LISTEN))) {
            return true;
          }
        }
      } catch (IOException gone) {
        // No such process or table: nothing listens.
      }
    }
    return false;
  }
}
