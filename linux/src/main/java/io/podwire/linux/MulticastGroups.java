package io.podwire.linux;

import io.podwire.packet.addr.IpAddress;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashSet;
import java.util.Set;

/**
 * The IPv6 multicast groups that this program wants to hear on one link (ipv6(7)): the kernel tells
 * the link's switches by MLD and the link itself by its filter, so that the frames come here, and
 * leaves the groups when this is closed.
 *
 * <p>Not thread-safe.
 */
public final class MulticastGroups implements AutoCloseable {

  private static final int AF_INET6 = 10;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPV6_ADD_MEMBERSHIP = 20;
  private static final int IPV6_DROP_MEMBERSHIP = 21;

  // struct ipv6_mreq
  private static final int REQUEST_LENGTH = 20;
  private static final int INDEX_OFFSET = 16;

  private final Descriptor descriptor;
  private final int link;
  private final Set<IpAddress> groups = new HashSet<>();

  private MulticastGroups(Descriptor descriptor, int link) {
    this.descriptor = descriptor;
    this.link = link;
  }

  /**
   * In none yet, in the calling thread's network namespace.
   *
   * @param link the link's index
   */
  public static MulticastGroups open(int link) {
    long number =
        SystemCall.SOCKET.call("multicast groups", AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return new MulticastGroups(new Descriptor((int) number), link);
  }

  /** Is in these groups from now on, and in no others. */
  public void replace(Set<IpAddress> wanted) {
    for (IpAddress group : wanted) {
      if (!groups.contains(group)) {
        change(IPV6_ADD_MEMBERSHIP, group);
        groups.add(group);
      }
    }
    for (IpAddress group : Set.copyOf(groups)) {
      if (!wanted.contains(group)) {
        change(IPV6_DROP_MEMBERSHIP, group);
        groups.remove(group);
      }
    }
  }

  private void change(int option, IpAddress group) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(REQUEST_LENGTH, Integer.BYTES);
      MemorySegment.copy(
          group.toBytes(), 0, request, ValueLayout.JAVA_BYTE, 0, group.toBytes().length);
      request.set(ValueLayout.JAVA_INT, INDEX_OFFSET, link);
      SystemCall.SETSOCKOPT.call(
          "multicast group " + group,
          descriptor.number(),
          IPPROTO_IPV6,
          option,
          request.address(),
          REQUEST_LENGTH);
    }
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
