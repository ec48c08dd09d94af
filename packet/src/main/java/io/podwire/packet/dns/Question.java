package io.podwire.packet.dns;

/** What is asked (RFC 1035, section 4.1.2). */
public record Question(DnsName name, int type, int dnsClass) {

  /** A question of the Internet class. */
  public static Question of(DnsName name, int type) {
    return new Question(name, type, RecordClass.IN);
  }

  @Override
  public String toString() {
    return name + " " + RecordClass.text(dnsClass) + " " + RecordType.text(type);
  }
}
