package io.podwire.dns.handler;

import io.podwire.packet.dns.DnsMessage;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;

/** What kind of answer a message is (RFC 2308), as caches and logs tell them apart. */
public enum ResponseClass {
  /** Records, or the way to those who have them. */
  SUCCESS,
  /** No such name, or no such record of it. */
  DENIAL,
  /** The server could not. */
  FAILURE,
  /** Anything else, such as REFUSED. */
  OTHER;

  /** NOERROR without an answer is a denial only with a SOA record, which says for how long. */
  public static ResponseClass of(DnsMessage message) {
    boolean soa = message.authority().stream().anyMatch(each -> each.type() == RecordType.SOA);
    return switch (message.rcode()) {
      case Rcode.NXDOMAIN -> DENIAL;
      case Rcode.SERVFAIL, Rcode.NOTIMP -> FAILURE;
      case Rcode.NOERROR -> answers(message) || !soa ? SUCCESS : DENIAL;
      default -> OTHER;
    };
  }

  /** Whether there is a record of the type asked for, not only aliases on the way there. */
  private static boolean answers(DnsMessage message) {
    if (message.questions().isEmpty()) {
      return !message.answers().isEmpty();
    }
    int type = message.questions().get(0).type();
    return message.answers().stream()
        .anyMatch(each -> each.type() == type || type == RecordType.ANY);
  }
}
