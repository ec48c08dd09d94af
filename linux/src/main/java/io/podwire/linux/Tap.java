package io.podwire.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A TAP: a link of the kernel whose other end is this descriptor (tuntap.rst), non-blocking, each
 * read and write one frame with a {@code virtio_net_hdr} in front.
 *
 * <p>The descriptor stays with the namespace it was opened in. Not thread-safe; confined to the
 * event loop that reads and writes it.
 */
public final class Tap implements AutoCloseable {

  /**
   * Octets of {@code struct virtio_net_hdr} in front of each frame; its fields are little-endian.
   */
  public static final int HEADER_LENGTH = 10;

  /** The kernel may leave checksums of frames it hands out to us, see {@link #setOffload}. */
  public static final int OFFLOAD_CHECKSUM = 0x01;

  /** The kernel may hand out unsegmented TCP over IPv4. */
  public static final int OFFLOAD_TSO4 = 0x02;

  /** The kernel may hand out unsegmented TCP over IPv6. */
  public static final int OFFLOAD_TSO6 = 0x04;

  /** The kernel may hand out unsegmented UDP over IPv4; Linux 6.2. */
  public static final int OFFLOAD_USO4 = 0x20;

  /** The kernel may hand out unsegmented UDP over IPv6; Linux 6.2. */
  public static final int OFFLOAD_USO6 = 0x40;

  private static final String DEVICE = "/dev/net/tun";
  private static final long TUNSETIFF = 0x400454caL;
  private static final long TUNSETPERSIST = 0x400454cbL;
  private static final long TUNSETOFFLOAD = 0x400454d0L;
  private static final long TUNGETIFF = 0x800454d2L;
  private static final long TUNSETVNETHDRSZ = 0x400454d8L;
  private static final long TUNSETVNETLE = 0x400454dcL;
  private static final long TUNSETCARRIER = 0x400454e2L;
  private static final int IFF_TAP = 0x2;
  private static final int IFF_NO_PI = 0x1000;
  private static final int IFF_VNET_HDR = 0x4000;
  private static final int IFREQ_LENGTH = 40;
  private static final int IFREQ_FLAGS_OFFSET = 16;
  private static final int NAME_MAX = 15;
  private static final int IOVEC_LENGTH = 16;

  private static final int READ = SystemCall.READ.number();
  private static final int WRITE = SystemCall.WRITE.number();
  private static final int WRITEV = SystemCall.WRITEV.number();

  private final String name;
  private final Descriptor descriptor;
  private final MemorySegment captured = SystemCall.captureState(Arena.ofAuto());
  private final MemorySegment vector = Arena.ofAuto().allocate(2 * IOVEC_LENGTH, Long.BYTES);

  private Tap(String name, Descriptor descriptor) {
    this.name = name;
    this.descriptor = descriptor;
  }

  /**
   * Creates the link in the calling thread's namespace, or attaches to a persistent one that nobody
   * holds.
   *
   * @param name at most 15 characters
   */
  public static Tap open(String name) {
    if (name.isEmpty() || name.length() > NAME_MAX) {
      throw new IllegalArgumentException(
          "TAP name '" + name + "' must have 1-" + NAME_MAX + " characters");
    }
    Descriptor descriptor = device();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ_LENGTH, Long.BYTES);
      request.setString(0, name);
      request.set(JAVA_SHORT, IFREQ_FLAGS_OFFSET, (short) (IFF_TAP | IFF_NO_PI | IFF_VNET_HDR));
      Tap tap = new Tap(name, descriptor);
      tap.control("attach to TAP", TUNSETIFF, request.address());
      tap.control("header size of", TUNSETVNETHDRSZ, NativeMemory.integer(arena, HEADER_LENGTH));
      tap.control("byte order of", TUNSETVNETLE, NativeMemory.integer(arena, 1));
      return tap;
    } catch (RuntimeException e) {
      descriptor.close();
      throw e;
    }
  }

  /**
   * Takes over a descriptor of a TAP that another program opened and passed on, whatever namespace
   * it was opened in; the program may keep its own.
   *
   * @throws LinuxException where it is none, or one without a virtio header; it is closed then
   */
  public static Tap adopt(Descriptor passed) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(IFREQ_LENGTH, Long.BYTES);
      long result = SystemCall.IOCTL.attempt(passed.number(), TUNGETIFF, request.address());
      int flags = result < 0 ? 0 : request.get(JAVA_SHORT, IFREQ_FLAGS_OFFSET);
      int needed = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;
      if ((flags & needed) != needed) {
        throw new LinuxException(
            "ioctl",
            Errno.EINVAL,
            "TUNGETIFF",
            "pass the descriptor of a TAP made with IFF_TAP | IFF_NO_PI | IFF_VNET_HDR");
      }
      Tap tap = new Tap(request.getString(0), passed);
      tap.control("header size of", TUNSETVNETHDRSZ, NativeMemory.integer(arena, HEADER_LENGTH));
      tap.control("byte order of", TUNSETVNETLE, NativeMemory.integer(arena, 1));
      passed.setNonBlocking();
      return tap;
    } catch (RuntimeException e) {
      passed.close();
      throw e;
    }
  }

  private static Descriptor device() {
    try {
      return Descriptor.open(DEVICE, Descriptor.O_RDWR | Descriptor.O_NONBLOCK);
    } catch (LinuxException e) {
      throw new LinuxException(e.call(), e.errno(), DEVICE, fix(e.errno()));
    }
  }

  private static String fix(int errno) {
    return switch (errno) {
      case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
          "load the module (modprobe tun), or give the container --device /dev/net/tun";
      default -> "run as root, or in a container with --device /dev/net/tun and NET_ADMIN";
    };
  }

  private void control(String what, long request, long argument) {
    SystemCall.IOCTL.call(what + " " + name, descriptor.number(), request, argument);
  }

  /** Whether the link outlives this descriptor; it then has no carrier until attached again. */
  public void setPersistent(boolean persistent) {
    control("persistence of", TUNSETPERSIST, persistent ? 1 : 0);
  }

  /** Whether the link's own end sees a carrier; without one it neither sends nor receives. */
  public void setCarrier(boolean carrier) {
    try (Arena arena = Arena.ofConfined()) {
      control("carrier of", TUNSETCARRIER, NativeMemory.integer(arena, carrier ? 1 : 0));
    }
  }

  /** What the kernel may leave undone in frames read here: a sum of the OFFLOAD constants. */
  public void setOffload(int offload) {
    control("offload of", TUNSETOFFLOAD, offload);
  }

  /** As {@link #setOffload}; false where the kernel does not know one of them. */
  public boolean trySetOffload(int offload) {
    return SystemCall.IOCTL.attempt(descriptor.number(), TUNSETOFFLOAD, offload) == 0;
  }

  /**
   * Reads header and frame into memory.
   *
   * @return octets read, header included; or a negated {@link Errno}: EAGAIN where no frame waits
   */
  public int read(long address, int capacity) {
    return (int)
        SystemCall.shortCall(captured, READ, descriptor.number(), address, capacity, 0, 0, 0);
  }

  /** As {@link #read(long, int)}, into a part of native memory. */
  public int read(MemorySegment memory, long offset, int capacity) {
    return read(memory.address() + offset, capacity);
  }

  /**
   * Writes header and frame that lie together.
   *
   * @return octets written, or a negated {@link Errno}: EIO where the link is down, EINVAL for a
   *     header that does not fit the frame
   */
  public int write(long address, int length) {
    return (int)
        SystemCall.shortCall(captured, WRITE, descriptor.number(), address, length, 0, 0, 0);
  }

  /** As {@link #write(long, int)}, from a part of native memory. */
  public int write(MemorySegment memory, long offset, int length) {
    return write(memory.address() + offset, length);
  }

  /** As {@link #write(long, int)}, with header and frame apart. */
  public int write(long header, int headerLength, long frame, int frameLength) {
    vector.set(JAVA_LONG, 0, header);
    vector.set(JAVA_LONG, 8, headerLength);
    vector.set(JAVA_LONG, IOVEC_LENGTH, frame);
    vector.set(JAVA_LONG, IOVEC_LENGTH + 8, frameLength);
    return (int)
        SystemCall.shortCall(captured, WRITEV, descriptor.number(), vector.address(), 2, 0, 0, 0);
  }

  public String name() {
    return name;
  }

  /** For an event loop, see {@link LoopDescriptor}. */
  public int descriptor() {
    return descriptor.number();
  }

  /** Closes the descriptor; the link goes with it unless it is persistent. */
  @Override
  public void close() {
    descriptor.close();
  }

  @Override
  public String toString() {
    return "TAP " + name;
  }
}
