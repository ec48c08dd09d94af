package io.podwire.agent.pod;

import io.podwire.cluster.attach.KeptInterface;
import io.podwire.linux.LinuxException;
import io.podwire.linux.Netlink;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Tap;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TAPs in network namespaces that have a file. Methods block. */
final class KeptTap {

  private static final Logger LOG = LoggerFactory.getLogger(KeptTap.class);

  private KeptTap() {}

  /** Identifies the namespace; a {@link LinuxException} where the file stands for none. */
  static long inode(KeptInterface kept) {
    try (NetworkNamespace namespace = NetworkNamespace.ofPath(Path.of(kept.netns()))) {
      return namespace.inode();
    }
  }

  /** Whether the file still stands for the same namespace. */
  static boolean isThere(KeptInterface kept, long inode) {
    try {
      return inode(kept) == inode;
    } catch (LinuxException gone) {
      return false;
    }
  }

  private static boolean hasLink(NetworkNamespace namespace, String name) {
    try (Netlink netlink = Netlink.open(namespace)) {
      return netlink.links().find(name).isPresent();
    }
  }

  /** Holds it again; empty where it is gone. */
  static Optional<Tap> hold(AttachedRecord record, KeptInterface kept) {
    if (!record.bootId().equals(SandboxRecord.currentBootId())) {
      return Optional.empty();
    }
    try (NetworkNamespace namespace = NetworkNamespace.ofPath(Path.of(kept.netns()))) {
      // Opening one that was removed meanwhile would make another.
      return namespace.inode() == record.namespace() && hasLink(namespace, kept.interfaceName())
          ? Optional.of(namespace.call(() -> Tap.open(kept.interfaceName())))
          : Optional.empty();
    } catch (LinuxException e) {
      LOG.warn("Pod {} cannot be held again: {}", record.pod(), e.getMessage());
      return Optional.empty();
    }
  }
}
