package io.podwire.packet.dns;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.podwire.packet.Octets;
import io.podwire.packet.addr.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one message from the left; after the first defect every read gives nothing.
 *
 * <p>Time and memory are bounded by the octets given: counts reserve nothing, and pointers only
 * lead backwards.
 */
final class MessageReader {

  /** More pointers than a name of 127 labels can need. */
  private static final int MAX_HOPS = 126;

  private static final int POINTER = 3;

  private final ByteBuffer buffer;
  private int position;
  private int limit;
  private @Nullable DnsDefect defect;

  MessageReader(ByteBuffer buffer) {
    this.buffer = buffer;
    this.limit = buffer.limit();
  }

  Decoded message() {
    if (limit < DnsHeader.LENGTH) {
      return new Decoded.Malformed(DnsDefect.SHORT_HEADER, null);
    }
    DnsHeader header = new DnsHeader(u16(), u16());
    int questionCount = u16();
    int answerCount = u16();
    int authorityCount = u16();
    int additionalCount = u16();
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < questionCount && defect == null; i++) {
      questions.add(new Question(name(), u16(), u16()));
    }
    List<ResourceRecord> answers = section(answerCount, false);
    List<ResourceRecord> authority = section(authorityCount, false);
    List<ResourceRecord> additional = section(additionalCount, true);
    if (defect == null && position < limit) {
      defect = DnsDefect.TRAILING_OCTETS;
    }
    return defect != null
        ? new Decoded.Malformed(defect, header)
        : new Decoded.Valid(new DnsMessage(header, questions, answers, authority, additional));
  }

  private List<ResourceRecord> section(int count, boolean optAllowed) {
    List<ResourceRecord> records = new ArrayList<>();
    boolean optSeen = !optAllowed;
    for (int i = 0; i < count && defect == null; i++) {
      ResourceRecord each = resourceRecord();
      if (each.type() == RecordType.OPT) {
        if (optSeen || !each.name().isRoot()) {
          fail(DnsDefect.BAD_OPT);
        }
        optSeen = true;
      }
      records.add(each);
    }
    return records;
  }

  private ResourceRecord resourceRecord() {
    DnsName name = name();
    int type = u16();
    int dnsClass = u16();
    long ttl = u32();
    int length = u16();
    int end = position + length;
    if (defect != null || end > limit) {
      fail(DnsDefect.TRUNCATED);
      return new ResourceRecord(name, dnsClass, ttl, new Rdata.Unknown(0, Octets.EMPTY));
    }
    int messageEnd = limit;
    limit = end;
    Rdata data = rdata(type, dnsClass);
    if (position != end) {
      fail(DnsDefect.BAD_RDATA);
    }
    limit = messageEnd;
    return new ResourceRecord(name, dnsClass, ttl, data);
  }

  private Rdata rdata(int type, int dnsClass) {
    // Address and service formats belong to the Internet class alone.
    boolean internet = dnsClass == RecordClass.IN;
    return switch (type) {
      case RecordType.A -> internet ? address(4) : opaque(type);
      case RecordType.AAAA -> internet ? address(16) : opaque(type);
      case RecordType.SRV -> internet ? new Rdata.Srv(u16(), u16(), u16(), name()) : opaque(type);
      case RecordType.NS -> new Rdata.Ns(name());
      case RecordType.CNAME -> new Rdata.Cname(name());
      case RecordType.PTR -> new Rdata.Ptr(name());
      case RecordType.MX -> new Rdata.Mx(u16(), name());
      case RecordType.SOA -> new Rdata.Soa(name(), name(), u32(), u32(), u32(), u32(), u32());
      case RecordType.HINFO -> new Rdata.Hinfo(characterString(), characterString());
      case RecordType.TXT -> txt();
      case RecordType.OPT -> opt();
      default -> {
        String layout = NameLayout.of(type);
        yield layout == null ? opaque(type) : new Rdata.Unknown(type, uncompressed(layout));
      }
    };
  }

  private Rdata address(int size) {
    if (limit - position != size) {
      fail(DnsDefect.BAD_RDATA);
    }
    byte[] octets = octets(size);
    if (defect != null) {
      return new Rdata.Unknown(0, Octets.EMPTY);
    }
    ByteBuffer bits = ByteBuffer.wrap(octets);
    return size == 4
        ? new Rdata.A(IpAddress.ofIpv4(bits.getInt()))
        : new Rdata.Aaaa(new IpAddress(bits.getLong(), bits.getLong()));
  }

  private Rdata txt() {
    List<String> strings = new ArrayList<>();
    while (position < limit && defect == null) {
      strings.add(characterString());
    }
    return new Rdata.Txt(strings);
  }

  private Rdata opt() {
    List<Rdata.Opt.Option> options = new ArrayList<>();
    while (position < limit && defect == null) {
      int code = u16();
      options.add(new Rdata.Opt.Option(code, Octets.of(octets(u16()))));
    }
    return new Rdata.Opt(options);
  }

  private Rdata opaque(int type) {
    return new Rdata.Unknown(type, Octets.of(octets(limit - position)));
  }

  private Octets uncompressed(String layout) {
    ByteBuffer out = ByteBuffer.allocate(limit - position + 2 * DnsName.MAX_LENGTH);
    for (int i = 0; i < layout.length() && defect == null; i++) {
      char part = layout.charAt(i);
      switch (part) {
        case 'n' -> out.put(name().toWireForm());
        case 's' -> {
          String text = characterString();
          out.put((byte) text.length()).put(text.getBytes(ISO_8859_1));
        }
        case '*' -> out.put(octets(limit - position));
        default -> out.put(octets(part - '0'));
      }
    }
    byte[] octets = new byte[out.position()];
    out.flip().get(octets);
    return Octets.of(octets);
  }

  private DnsName name() {
    byte[] wire = new byte[DnsName.MAX_LENGTH];
    int size = 0;
    int at = position;
    int bound = limit;
    int runStart = at;
    int hops = 0;
    while (defect == null) {
      if (at >= bound) {
        return noName(DnsDefect.TRUNCATED);
      }
      int length = buffer.get(at) & 0xff;
      int kind = length >> 6;
      if (kind == POINTER) {
        if (at + 1 >= bound) {
          return noName(DnsDefect.TRUNCATED);
        }
        int target = buffer.getShort(at) & 0x3fff;
        // Only backwards, so that no chain of pointers can come round again.
        if (target >= runStart || target < DnsHeader.LENGTH || ++hops > MAX_HOPS) {
          return noName(DnsDefect.BAD_POINTER);
        }
        if (hops == 1) {
          position = at + 2;
        }
        at = target;
        runStart = target;
        bound = buffer.limit();
        continue;
      }
      if (kind != 0) {
        return noName(DnsDefect.BAD_LABEL);
      }
      if (at + 1 + length > bound) {
        return noName(DnsDefect.TRUNCATED);
      }
      int needed = length == 0 ? 1 : length + 2;
      if (size + needed > DnsName.MAX_LENGTH) {
        return noName(DnsDefect.NAME_TOO_LONG);
      }
      buffer.get(at, wire, size, length + 1);
      size += length + 1;
      at += length + 1;
      if (length == 0) {
        if (hops == 0) {
          position = at;
        }
        return DnsName.ofWireForm(Arrays.copyOf(wire, size));
      }
    }
    return DnsName.ROOT;
  }

  private DnsName noName(DnsDefect reason) {
    fail(reason);
    return DnsName.ROOT;
  }

  private String characterString() {
    if (!has(1)) {
      return "";
    }
    int length = buffer.get(position++) & 0xff;
    return new String(octets(length), ISO_8859_1);
  }

  private byte[] octets(int count) {
    if (!has(count)) {
      return new byte[0];
    }
    byte[] octets = new byte[count];
    buffer.get(position, octets);
    position += count;
    return octets;
  }

  private int u16() {
    if (!has(2)) {
      return 0;
    }
    position += 2;
    return buffer.getShort(position - 2) & 0xffff;
  }

  private long u32() {
    if (!has(4)) {
      return 0;
    }
    position += 4;
    return buffer.getInt(position - 4) & 0xffff_ffffL;
  }

  private boolean has(int count) {
    if (defect == null && position + count > limit) {
      fail(DnsDefect.TRUNCATED);
    }
    return defect == null;
  }

  private void fail(DnsDefect reason) {
    if (defect == null) {
      defect = reason;
    }
  }
}
