package io.podwire.cli.local;

import io.podwire.cli.outcome.CommandFailure;
import io.podwire.linux.LinuxException;
import io.podwire.linux.NetworkNamespace;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Whether this machine lets this user make what a local cluster is made of. */
final class Preflight {
  private static final Path TUN = Path.of("/dev/net/tun");

  private Preflight() {}

  /**
   * Looks before anything is made.
   *
   * @throws CommandFailure with one line per thing that is missing, and how to get it
   */
  static void check() {
    List<String> problems = new ArrayList<>();
    checkTun(TUN, problems);
    try {
      NetworkNamespace.create().close();
    } catch (LinuxException refused) {
      problems.add(
          "network namespaces cannot be made ("
              + refused.getMessage()
              + "); inside a container it needs --cap-add SYS_ADMIN --cap-add NET_ADMIN");
    }
    if (!problems.isEmpty()) {
      throw new CommandFailure(String.join("\n", problems));
    }
  }

  static void checkTun(Path device, List<String> problems) {
    try {
      FileChannel.open(device, StandardOpenOption.READ, StandardOpenOption.WRITE).close();
    } catch (NoSuchFileException absent) {
      problems.add(
          device
              + " is missing: load the module (modprobe tun); inside a container add --device "
              + device);
    } catch (AccessDeniedException denied) {
      problems.add(device + " is not writable: run as root, or chmod 0666 " + device);
    } catch (IOException refused) {
      problems.add(
          device
              + " cannot be opened ("
              + refused.getMessage()
              + "): load the module (modprobe tun); inside a container add --device "
              + device);
    }
  }
}
