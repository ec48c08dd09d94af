package io.podwire.packet.dns;

import io.podwire.packet.Octets;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A record's data; {@code toString} gives it as in a master file.
 *
 * <p>Character strings (RFC 1035, section 3.3) are Java strings of one character per octet. All
 * forms are immutable.
 */
public sealed interface Rdata {

  /** The record type, as in {@link RecordType}. */
  int type();

  /** An IPv4 host address. */
  record A(IpAddress address) implements Rdata {
    public A {
      if (!address.isIpv4()) {
        throw new IllegalArgumentException("an A record holds IPv4, got " + address);
      }
    }

    @Override
    public int type() {
      return RecordType.A;
    }

    @Override
    public String toString() {
      return address.toString();
    }
  }

  /** An IPv6 host address (RFC 3596). */
  record Aaaa(IpAddress address) implements Rdata {
    @Override
    public int type() {
      return RecordType.AAAA;
    }

    @Override
    public String toString() {
      // An IPv4-mapped address is a legal content and must not look like an A record.
      return address.isIpv4() ? "::ffff:" + address : address.toString();
    }
  }

  /** An authoritative name server. */
  record Ns(DnsName server) implements Rdata {
    @Override
    public int type() {
      return RecordType.NS;
    }

    @Override
    public String toString() {
      return server.toString();
    }
  }

  /** The canonical name of an alias. */
  record Cname(DnsName target) implements Rdata {
    @Override
    public int type() {
      return RecordType.CNAME;
    }

    @Override
    public String toString() {
      return target.toString();
    }
  }

  /** A pointer to another name, as from an address to its host. */
  record Ptr(DnsName target) implements Rdata {
    @Override
    public int type() {
      return RecordType.PTR;
    }

    @Override
    public String toString() {
      return target.toString();
    }
  }

  /** The start of a zone of authority; times in seconds, all numbers unsigned 32 bits. */
  record Soa(
      DnsName primary,
      DnsName mailbox,
      long serial,
      long refresh,
      long retry,
      long expire,
      long minimum)
      implements Rdata {
    @Override
    public int type() {
      return RecordType.SOA;
    }

    @Override
    public String toString() {
      return primary + " " + mailbox + " " + serial + " " + refresh + " " + retry + " " + expire
          + " " + minimum;
    }
  }

  /** A mail exchange. */
  record Mx(int preference, DnsName exchange) implements Rdata {
    @Override
    public int type() {
      return RecordType.MX;
    }

    @Override
    public String toString() {
      return preference + " " + exchange;
    }
  }

  /** The location of a service (RFC 2782). */
  record Srv(int priority, int weight, int port, DnsName target) implements Rdata {
    @Override
    public int type() {
      return RecordType.SRV;
    }

    @Override
    public String toString() {
      return priority + " " + weight + " " + port + " " + target;
    }
  }

  /** Character strings of at most 255 octets each. */
  record Txt(List<String> strings) implements Rdata {
    public Txt {
      strings = List.copyOf(strings);
      strings.forEach(CharacterString::check);
    }

    @Override
    public int type() {
      return RecordType.TXT;
    }

    @Override
    public String toString() {
      return strings.stream().map(CharacterString::quoted).collect(Collectors.joining(" "));
    }
  }

  /** A host's processor and operating system. */
  record Hinfo(String cpu, String os) implements Rdata {
    public Hinfo {
      CharacterString.check(cpu);
      CharacterString.check(os);
    }

    @Override
    public int type() {
      return RecordType.HINFO;
    }

    @Override
    public String toString() {
      return CharacterString.quoted(cpu) + " " + CharacterString.quoted(os);
    }
  }

  /** The options of EDNS (RFC 6891, section 6.1.2); see {@link Edns} for the rest. */
  record Opt(List<Option> options) implements Rdata {
    public Opt {
      options = List.copyOf(options);
    }

    @Override
    public int type() {
      return RecordType.OPT;
    }

    @Override
    public String toString() {
      return options.toString();
    }

    /** One option, its content untouched. */
    public record Option(int code, Octets value) {}
  }

  /** Any other data, kept as it came; names that old types compress are held uncompressed. */
  record Unknown(int type, Octets octets) implements Rdata {
    /** The form of RFC 3597, section 5. */
    @Override
    public String toString() {
      return "\\# " + octets.length() + (octets.length() == 0 ? "" : " " + octets);
    }
  }
}
