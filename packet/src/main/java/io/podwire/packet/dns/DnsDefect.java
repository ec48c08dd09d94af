package io.podwire.packet.dns;

/** Why octets are no DNS message. */
public enum DnsDefect {
  /** Less than the 12 octets of the header. */
  SHORT_HEADER,
  /** A count, a length or a name reaches beyond the end. */
  TRUNCATED,
  /** A label of one of the two reserved kinds. */
  BAD_LABEL,
  /** A name of more than 255 octets. */
  NAME_TOO_LONG,
  /** A compression pointer forwards, to itself, into the header, or one too many of them. */
  BAD_POINTER,
  /** Data that does not fill its length, or not as its type demands. */
  BAD_RDATA,
  /** An OPT record outside the additional section, of another owner than the root, or a second. */
  BAD_OPT,
  /** Octets after the last record. */
  TRAILING_OCTETS
}
