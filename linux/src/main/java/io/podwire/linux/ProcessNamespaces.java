package io.podwire.linux;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Work and programs in several namespaces at once (namespaces(7)): new ones, or those of a process.
 *
 * <p>Thread-safe; each piece of work has a thread of its own.
 */
public final class ProcessNamespaces {

  /** A kind of namespace. */
  public enum Kind {
    MOUNT(0x0002_0000, "mnt"),
    UTS(0x0400_0000, "uts"),
    NETWORK(NetworkNamespace.CLONE_NEWNET, "net");

    private final int flag;
    private final String file;

    Kind(int flag, String file) {
      this.flag = flag;
      this.file = file;
    }

    /** The link in /proc that shows which one a process is in. */
    Path link(long pid) {
      return Path.of("/proc/" + pid + "/ns/" + file);
    }
  }

  private ProcessNamespaces() {}

  /** Runs the work in new namespaces of these kinds; mounts made there stay there. */
  public static <T extends @Nullable Object, X extends Exception> T createAndCall(
      Set<Kind> kinds, NetworkNamespace.Work<T, X> work) throws X {
    return NamespaceThread.run(
        "namespaces-create",
        () -> {
          NamespaceThread.separateFileSystemState();
          SystemCall.UNSHARE.call(kinds + " namespaces", flags(kinds));
          if (kinds.contains(Kind.MOUNT)) {
            Mounts.makeAllPrivate();
          }
          return work.run();
        });
  }

  /**
   * Runs the work in the network, mount and UTS namespaces of a process.
   *
   * @param pid must be known to run still: an id that was reused leads elsewhere
   */
  public static <T extends @Nullable Object, X extends Exception> T callIn(
      long pid, NetworkNamespace.Work<T, X> work) throws X {
    return NamespaceThread.run(
        "namespaces-" + pid,
        () -> {
          NamespaceThread.separateFileSystemState();
          Descriptor pidfd =
              new Descriptor((int) SystemCall.PIDFD_OPEN.call("of process " + pid, pid, 0));
          try (pidfd) {
            SystemCall.SETNS.call(
                "of process " + pid, pidfd.number(), flags(EnumSet.allOf(Kind.class)));
          }
          return work.run();
        });
  }

  /** Identifies a process' namespace of that kind while it exists. */
  public static long inode(Kind kind, long pid) {
    try {
      return NetworkNamespace.inode(kind.link(pid));
    } catch (IOException e) {
      throw new LinuxException("readlink", Errno.ESRCH, kind.link(pid).toString());
    }
  }

  /** Sets the host name of the calling thread's UTS namespace. */
  public static void setHostname(String name) {
    byte[] octets = name.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(octets.length + 1L);
      MemorySegment.copy(MemorySegment.ofArray(octets), 0, text, 0, octets.length);
      SystemCall.SETHOSTNAME.call(name, text.address(), octets.length);
    }
  }

  private static int flags(Set<Kind> kinds) {
    return kinds.stream().mapToInt(kind -> kind.flag).reduce(0, (a, b) -> a | b);
  }
}
