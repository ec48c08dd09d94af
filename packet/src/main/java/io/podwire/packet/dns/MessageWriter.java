package io.podwire.packet.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Writes one message; good for a single use. */
final class MessageWriter {
  private static final int MAX_POINTER = 0x3fff;
  private static final int POINTER_BITS = 0xc000;
  private static final int RECORD_FIXED = 10;

  private final int maxSize;

  /** Where a name's tail, exact in case, was written first. */
  private final Map<String, Integer> tails = new HashMap<>();

  private ByteBuffer out = ByteBuffer.allocate(DnsCodec.MAX_PLAIN_UDP);
  private boolean truncated;

  MessageWriter(int maxSize) {
    this.maxSize = maxSize;
  }

  ByteBuffer write(DnsMessage message) {
    reserve(DnsHeader.LENGTH);
    out.position(DnsHeader.LENGTH);
    int reserved = message.additional().stream().mapToInt(MessageWriter::optSize).sum();
    int questions = 0;
    for (Question question : message.questions()) {
      int start = out.position();
      question(question);
      if (!fits(start, reserved)) {
        break;
      }
      questions++;
    }
    int answers = section(message.answers(), reserved);
    int authority = section(message.authority(), reserved);
    int additional = section(message.additional(), reserved);
    DnsHeader header = message.header();
    header = truncated ? header.withTruncated(true) : header;
    out.putShort(0, (short) header.id());
    out.putShort(2, (short) header.flags());
    out.putShort(4, (short) questions);
    out.putShort(6, (short) answers);
    out.putShort(8, (short) authority);
    out.putShort(10, (short) additional);
    return out.flip();
  }

  private static int optSize(ResourceRecord each) {
    if (!(each.data() instanceof Rdata.Opt opt)) {
      return 0;
    }
    int options = opt.options().stream().mapToInt(option -> 4 + option.value().length()).sum();
    return each.name().length() + RECORD_FIXED + options;
  }

  /** Writes what fits below {@code maxSize - reserved}, and OPT records always. */
  private int section(List<ResourceRecord> records, int reserved) {
    int written = 0;
    int left = reserved;
    for (ResourceRecord each : records) {
      int size = optSize(each);
      if (truncated && size == 0) {
        continue;
      }
      int start = out.position();
      left -= size;
      resourceRecord(each);
      if (size > 0 || fits(start, left)) {
        written++;
      }
    }
    return written;
  }

  private boolean fits(int start, int reserved) {
    if (out.position() <= maxSize - reserved) {
      return true;
    }
    truncated = true;
    out.position(start);
    // Pointers into what was just taken back would lead astray.
    tails.values().removeIf(offset -> offset >= start);
    return false;
  }

  private void question(Question question) {
    name(question.name(), true);
    u16(question.type());
    u16(question.dnsClass());
  }

  private void resourceRecord(ResourceRecord each) {
    name(each.name(), true);
    u16(each.type());
    u16(each.dnsClass());
    u32(each.ttl());
    u16(0);
    int start = out.position();
    rdata(each.data());
    int length = out.position() - start;
    if (length > 0xffff) {
      throw new IllegalArgumentException(
          "a record's data has at most 65535 octets, got " + length + " for " + each.name());
    }
    out.putShort(start - 2, (short) length);
  }

  private void rdata(Rdata data) {
    if (data instanceof Rdata.A a) {
      octets(a.address().toBytes());
    } else if (data instanceof Rdata.Aaaa aaaa) {
      IpAddress address = aaaa.address();
      octets(ByteBuffer.allocate(16).putLong(address.high()).putLong(address.low()).array());
    } else if (data instanceof Rdata.Ns ns) {
      name(ns.server(), true);
    } else if (data instanceof Rdata.Cname cname) {
      name(cname.target(), true);
    } else if (data instanceof Rdata.Ptr ptr) {
      name(ptr.target(), true);
    } else if (data instanceof Rdata.Mx mx) {
      u16(mx.preference());
      name(mx.exchange(), true);
    } else if (data instanceof Rdata.Srv srv) {
      u16(srv.priority());
      u16(srv.weight());
      u16(srv.port());
      // RFC 2782 forbids compression here.
      name(srv.target(), false);
    } else if (data instanceof Rdata.Soa soa) {
      soa(soa);
    } else if (data instanceof Rdata.Txt txt) {
      txt.strings().forEach(this::characterString);
    } else if (data instanceof Rdata.Hinfo hinfo) {
      characterString(hinfo.cpu());
      characterString(hinfo.os());
    } else if (data instanceof Rdata.Opt opt) {
      for (Rdata.Opt.Option option : opt.options()) {
        u16(option.code());
        u16(option.value().length());
        octets(option.value().toBytes());
      }
    } else if (data instanceof Rdata.Unknown unknown) {
      octets(unknown.octets().toBytes());
    }
  }

  private void soa(Rdata.Soa soa) {
    name(soa.primary(), true);
    name(soa.mailbox(), true);
    u32(soa.serial());
    u32(soa.refresh());
    u32(soa.retry());
    u32(soa.expire());
    u32(soa.minimum());
  }

  private void name(DnsName name, boolean compress) {
    byte[] wire = name.toWireForm();
    int at = 0;
    while (wire[at] != 0) {
      String tail = new String(wire, at, wire.length - at, ISO_8859_1);
      Integer earlier = compress ? tails.get(tail) : null;
      if (earlier != null) {
        u16(POINTER_BITS | earlier);
        return;
      }
      if (out.position() <= MAX_POINTER) {
        tails.putIfAbsent(tail, out.position());
      }
      octets(Arrays.copyOfRange(wire, at, at + 1 + wire[at]));
      at += 1 + wire[at];
    }
    octets(new byte[1]);
  }

  private void characterString(String text) {
    byte[] octets = text.getBytes(ISO_8859_1);
    octets(new byte[] {(byte) octets.length});
    octets(octets);
  }

  private void octets(byte[] octets) {
    reserve(octets.length);
    out.put(octets);
  }

  private void u16(int value) {
    reserve(2);
    out.putShort((short) value);
  }

  private void u32(long value) {
    reserve(4);
    out.putInt((int) value);
  }

  private void reserve(int count) {
    if (out.remaining() < count) {
      int capacity = Math.max(out.capacity() * 2, out.position() + count);
      out = ByteBuffer.allocate(capacity).put(out.flip());
    }
  }
}
