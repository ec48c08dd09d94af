package io.podwire.linux;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A network namespace (network_namespaces(7)) held by a descriptor.
 *
 * <p>It lives while a process or thread is in it, or a descriptor such as this one is open.
 * Thread-safe.
 */
public final class NetworkNamespace implements AutoCloseable {

  static final int CLONE_NEWNET = 0x4000_0000;

  // ioctl_nsfs(2)
  private static final long NS_GET_NSTYPE = 0xb703;
  private static final String OF_THREAD = "/proc/thread-self/ns/net";

  private final Descriptor descriptor;
  private final long inode;

  /** Work done inside a namespace. */
  @FunctionalInterface
  public interface Work<T extends @Nullable Object, X extends Exception> {
    T run() throws X;
  }

  private NetworkNamespace(String path) {
    descriptor = Descriptor.open(path, Descriptor.O_RDONLY);
    try {
      if (SystemCall.IOCTL.attempt(descriptor.number(), NS_GET_NSTYPE, 0) != CLONE_NEWNET) {
        throw new LinuxException("setns", Errno.EINVAL, path, "it is not a network namespace");
      }
      // Not the link's text: of a file that a namespace is mounted on it is the file's path.
      Path open = Path.of("/proc/self/fd/" + descriptor.number());
      inode = (Long) Files.getAttribute(open, "unix:ino");
    } catch (IOException e) {
      descriptor.close();
      throw new UncheckedIOException("reading " + path, e);
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /** A new one with nothing but a loopback link that is down. */
  public static NetworkNamespace create() {
    return NamespaceThread.run(
        "netns-create",
        () -> {
          SystemCall.UNSHARE.call("of the network", CLONE_NEWNET);
          return new NetworkNamespace(OF_THREAD);
        });
  }

  /** The one that a process is in. */
  public static NetworkNamespace ofProcess(long pid) {
    return new NetworkNamespace("/proc/" + pid + "/ns/net");
  }

  /**
   * The one that a file stands for, such as {@code /run/netns/blue} or {@code /proc/PID/ns/net}.
   *
   * @throws LinuxException with {@link Errno#EINVAL} for a file that stands for none
   */
  public static NetworkNamespace ofPath(Path path) {
    return new NetworkNamespace(path.toString());
  }

  /** The one that the calling thread is in. */
  public static NetworkNamespace current() {
    return new NetworkNamespace(OF_THREAD);
  }

  /**
   * Runs the work on a thread of its own inside this namespace and waits for it; descriptors and
   * sockets that it opens stay in the namespace wherever they are used later.
   */
  public <T extends @Nullable Object, X extends Exception> T call(Work<T, X> work) throws X {
    return NamespaceThread.run(
        "netns-" + inode,
        () -> {
          SystemCall.SETNS.call("of the network", descriptor.number(), CLONE_NEWNET);
          return work.run();
        });
  }

  /** As {@link #call}, without a result. */
  public void run(Runnable work) {
    Work<Boolean, RuntimeException> wrapped =
        () -> {
          work.run();
          return true;
        };
    call(wrapped);
  }

  /** Identifies the namespace while it exists: two descriptors of one namespace have the same. */
  public long inode() {
    return inode;
  }

  /** For handing a link over, see {@link Links#moveTo}. */
  public int descriptor() {
    return descriptor.number();
  }

  /** The inode of the namespace behind a {@code /proc/PID/ns/net} link. */
  static long inode(Path link) throws IOException {
    String target = Files.readSymbolicLink(link).toString();
    return Long.parseLong(target.substring(target.indexOf('[') + 1, target.length() - 1));
  }

  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return "net:[" + inode + "]";
  }
}
