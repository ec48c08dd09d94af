package io.podwire.dns.server;

import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ResourceRecord;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the addresses of an answer stand, one record after the other alike, so that a new order is
 * nothing but their addresses swapped.
 *
 * @param first offset of the first address behind the question
 * @param stride octets from one to the next
 * @param size octets of each
 */
record AddressRun(int first, int stride, int size, int count) {
  private static final int POINTER = 0xc0;
  private static final int TYPE = 0;
  private static final int DATA_LENGTH = 8;
  private static final int DATA = 10;

  /** How many answers are addresses. */
  static int count(DnsMessage answer) {
    return (int) answer.answers().stream().filter(AddressRun::isAddress).count();
  }

  private static boolean isAddress(ResourceRecord each) {
    return isAddress(each.type());
  }

  private static boolean isAddress(int type) {
    return type == RecordType.A || type == RecordType.AAAA;
  }

  /** The answer with its addresses in an order of their own, behind all else. */
  static DnsMessage sorted(DnsMessage answer) {
    Comparator<ResourceRecord> behind = Comparator.comparing(AddressRun::isAddress);
    return answer.withAnswers(
        answer.answers().stream()
            .sorted(behind.thenComparing(each -> isAddress(each) ? each.data().toString() : ""))
            .toList());
  }

  /**
   * Finds them among the octets of an answer.
   *
   * @param start where the records begin
   * @return null where they do not stand alike
   */
  static @Nullable AddressRun of(DnsMessage answer, ByteBuffer octets, int start) {
    List<ResourceRecord> records = answer.answers();
    int count = count(answer);
    ResourceRecord last = records.get(records.size() - 1);
    if (!records.subList(records.size() - count, records.size()).stream()
        .allMatch(each -> each.type() == last.type() && each.name().equalsExactly(last.name()))) {
      return null;
    }
    int at = start;
    int first = 0;
    int previous = 0;
    int stride = 0;
    for (int i = 0; i < records.size(); i++) {
      int fixed = behindName(octets, at);
      int size = octets.getShort(fixed + DATA_LENGTH) & 0xffff;
      int data = fixed + DATA;
      at = data + size;
      if (!isAddress(octets.getShort(fixed + TYPE))) {
        continue;
      }
      if (first == 0) {
        first = data;
      } else if (stride == 0) {
        stride = data - previous;
      } else if (stride != data - previous) {
        return null;
      }
      previous = data;
    }
    return new AddressRun(first - start, stride, at - previous, count);
  }

  private static int behindName(ByteBuffer octets, int start) {
    int at = start;
    while (octets.get(at) != 0) {
      if ((octets.get(at) & POINTER) == POINTER) {
        return at + 2;
      }
      at += 1 + octets.get(at);
    }
    return at + 1;
  }
}
