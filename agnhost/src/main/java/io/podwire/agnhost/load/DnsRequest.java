package io.podwire.agnhost.load;

import io.podwire.agnhost.dig.Lookup;
import io.podwire.packet.dns.Rcode;
import java.io.IOException;

/**
 * A name's addresses, asked for once: a lost query is a failure, not a later answer.
 *
 * @param name tried with the Pod's search list, as the C library does
 */
record DnsRequest(Lookup lookup, String name, Expectation expectation) implements Request {

  @Override
  public String make(int timeoutMillis) throws IOException {
    Lookup.Answer answer = lookup.ask(name, timeoutMillis);
    if (answer.rcode() != Rcode.NOERROR) {
      throw new WrongAnswer(Rcode.text(answer.rcode()));
    }
    if (answer.records().isEmpty()) {
      throw new WrongAnswer("no records");
    }
    return expectation.judge(String.join(" ", answer.records()));
  }
}
