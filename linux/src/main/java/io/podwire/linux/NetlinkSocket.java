package io.podwire.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Request and answer with the kernel's NETLINK_ROUTE (netlink(7), rtnetlink(7)).
 *
 * <p>Belongs to the network namespace of the thread that opened it. Thread-safe: one request at a
 * time.
 */
final class NetlinkSocket implements AutoCloseable {

  private static final int AF_NETLINK = 16;
  private static final int SOCK_RAW = 3;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int NETLINK_ROUTE = 0;
  private static final int SOL_NETLINK = 270;
  private static final int NETLINK_CAP_ACK = 10;
  private static final int NETLINK_EXT_ACK = 11;

  private static final int NLMSG_ERROR = 2;
  private static final int NLMSG_DONE = 3;
  private static final int NLM_F_ACK_TLVS = 0x200;
  private static final int NLMSGERR_ATTR_MSG = 1;
  private static final int REPLY_CAPACITY = 64 * 1024;

  private final Descriptor descriptor;
  private final ByteBuffer reply =
      ByteBuffer.allocateDirect(REPLY_CAPACITY).order(ByteOrder.nativeOrder());
  private int sequence;

  NetlinkSocket() {
    descriptor =
        new Descriptor(
            (int)
                SystemCall.SOCKET.call(
                    "netlink", AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    try (Arena arena = Arena.ofConfined()) {
      long on = NativeMemory.integer(arena, 1);
      // Both only make errors more telling; kernels without them answer all the same.
      SystemCall.SETSOCKOPT.attempt(descriptor.number(), SOL_NETLINK, NETLINK_CAP_ACK, on, 4);
      SystemCall.SETSOCKOPT.attempt(descriptor.number(), SOL_NETLINK, NETLINK_EXT_ACK, on, 4);
    }
  }

  /** Sends a change and waits until the kernel has made it. */
  void change(String what, NetlinkMessage message) {
    exchange(what, message, reader -> reader);
  }

  /** Sends a question and maps each answer, which is given from its family header on. */
  synchronized <T> List<T> exchange(
      String what, NetlinkMessage message, Function<ByteBuffer, T> mapping) {
    int number = ++sequence;
    send(what, message.finish(number));
    List<T> answers = new ArrayList<>();
    while (true) {
      int length =
          (int)
              SystemCall.RECVFROM.call(
                  what, descriptor.number(), address(reply), REPLY_CAPACITY, 0, 0, 0);
      if (read(
          what, number, reply.duplicate().order(reply.order()).limit(length), mapping, answers)) {
        return answers;
      }
    }
  }

  private void send(String what, ByteBuffer message) {
    SystemCall.SENDTO.call(
        what, descriptor.number(), address(message), message.remaining(), 0, 0, 0);
  }

  private static long address(ByteBuffer direct) {
    return MemorySegment.ofBuffer(direct).address();
  }

  /** Whether the exchange is over. */
  private <T> boolean read(
      String what, int number, ByteBuffer batch, Function<ByteBuffer, T> mapping, List<T> answers) {
    while (batch.remaining() >= NetlinkMessage.HEADER_LENGTH) {
      int start = batch.position();
      int length = batch.getInt();
      int type = batch.getShort() & 0xffff;
      int flags = batch.getShort() & 0xffff;
      int answered = batch.getInt();
      batch.getInt();
      if (length < NetlinkMessage.HEADER_LENGTH || start + length > batch.limit()) {
        throw new LinuxException(what, Errno.EIO, "netlink answer cut short");
      }
      ByteBuffer payload =
          batch.slice(batch.position(), start + length - batch.position()).order(reply.order());
      batch.position(Math.min(batch.limit(), start + (length + 3 & ~3)));
      if (answered != number) {
        continue;
      }
      if (type == NLMSG_DONE) {
        return true;
      }
      if (type == NLMSG_ERROR) {
        check(what, payload, flags);
        return true;
      }
      answers.add(mapping.apply(payload));
    }
    return false;
  }

  private static void check(String what, ByteBuffer payload, int flags) {
    int errno = -payload.getInt();
    if (errno == 0) {
      return;
    }
    String reason = "";
    if ((flags & NLM_F_ACK_TLVS) != 0 && payload.remaining() > NetlinkMessage.HEADER_LENGTH) {
      // With CAP_ACK the request's header alone is repeated before the attributes.
      ByteBuffer attributes =
          payload.slice(
              payload.position() + NetlinkMessage.HEADER_LENGTH,
              payload.remaining() - NetlinkMessage.HEADER_LENGTH);
      reason = new NetlinkAttributes(attributes).text(NLMSGERR_ATTR_MSG).orElse("");
    }
    throw reason.isEmpty()
        ? new LinuxException("netlink", errno, what)
        : new LinuxException("netlink", errno, what, "kernel says: " + reason);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
