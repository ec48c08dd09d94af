package io.podwire.linux;

import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Mounts in the calling thread's mount namespace (mount_namespaces(7)).
 *
 * <p>Only for threads that have left the process' own namespace, see {@link ProcessNamespaces}.
 */
public final class Mounts {

  private static final long MS_BIND = 0x1000;
  private static final long MS_REC = 0x4000;
  private static final long MS_PRIVATE = 0x40000;
  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final long MNT_DETACH = 2;

  private Mounts() {}

  /** Keeps what is mounted from here on away from other namespaces, and theirs from here. */
  public static void makeAllPrivate() {
    mount("none", "/", "", MS_REC | MS_PRIVATE, "");
  }

  /** Shows a file or folder in place of another; both must exist. */
  public static void bind(Path source, Path target) {
    mount(source.toString(), target.toString(), "", MS_BIND, "");
  }

  /**
   * Shows a file in place of another, following a symbolic link, where there is one; an absent
   * target is left absent.
   */
  public static boolean bindOver(Path source, Path target) {
    if (!Files.exists(target)) {
      return false;
    }
    bind(source, target);
    return true;
  }

  /** An empty file system in memory. */
  public static void tmpfs(Path target) {
    mount("tmpfs", target.toString(), "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755");
  }

  public static void unmount(Path target) {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.UMOUNT2.call(
          target.toString(), NativeMemory.string(arena, target.toString()), MNT_DETACH);
    }
  }

  private static void mount(String source, String target, String type, long flags, String data) {
    try (Arena arena = Arena.ofConfined()) {
      SystemCall.MOUNT.call(
          source + " on " + target,
          NativeMemory.string(arena, source),
          NativeMemory.string(arena, target),
          NativeMemory.string(arena, type),
          flags,
          NativeMemory.string(arena, data));
    }
  }
}
