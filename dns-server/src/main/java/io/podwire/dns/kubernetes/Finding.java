package io.podwire.dns.kubernetes;

import io.podwire.packet.dns.DnsName;
import io.podwire.packet.dns.ResourceRecord;
import java.util.List;

/** What the index has for a question. */
sealed interface Finding {

  /** Records of the type asked for, with others that the client will want next. */
  record Found(List<ResourceRecord> answers, List<ResourceRecord> additional) implements Finding {

    static Found of(List<ResourceRecord> answers) {
      return new Found(answers, List.of());
    }
  }

  /** The name exists; a type without records is NODATA. */
  record NoData() implements Finding {}

  /** The name does not exist. */
  record NoName() implements Finding {}

  /** The name stands for another. */
  record Alias(DnsName target) implements Finding {}
}
