package io.podwire.packet.dns;

import static org.quicktheories.generators.SourceDSL.integers;
import static org.quicktheories.generators.SourceDSL.lists;
import static org.quicktheories.generators.SourceDSL.longs;

import io.podwire.packet.Octets;
import io.podwire.packet.addr.IpAddress;
import java.util.List;
import java.util.stream.Collectors;
import org.quicktheories.core.Gen;
import org.quicktheories.generators.Generate;

/** Random messages with everything that the codec knows. */
final class DnsGenerators {
  private DnsGenerators() {}

  static Gen<String> octets(int min, int max) {
    return lists()
        .of(integers().between(0, 255))
        .ofSizeBetween(min, max)
        .map(list ->
            list.stream().map(i -> String.valueOf((char) (int) i)).collect(Collectors.joining()));
  }

  /** Names out of few labels, so that they share tails, and now and then strange ones. */
  static Gen<DnsName> names() {
    Gen<String> label =
        Generate.oneOf(
            Generate.pick(List.of("web", "WEB", "demo", "svc", "cluster", "local", "a")),
            octets(1, 20));
    return lists()
        .of(label)
        .ofSizeBetween(0, 7)
        .map(labels -> {
          DnsName name = DnsName.ROOT;
          for (String each : labels) {
            name = name.tryChild(each).orElse(name);
          }
          return name;
        });
  }

  private static Gen<Integer> u16() {
    return integers().between(0, 0xffff);
  }

  private static Gen<Long> u32() {
    return longs().between(0, 0xffff_ffffL);
  }

  private static Gen<Octets> blob() {
    return octets(0, 60)
        .map(text -> Octets.of(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
  }

  static Gen<Rdata> rdata() {
    Gen<Long> any = longs().all();
    return Generate.oneOf(
        u32().map(bits -> (Rdata) new Rdata.A(IpAddress.ofIpv4((int) (long) bits))),
        any.zip(any, (high, low) -> (Rdata) new Rdata.Aaaa(new IpAddress(high, low))),
        names().map(Rdata.Ns::new),
        names().map(Rdata.Cname::new),
        names().map(Rdata.Ptr::new),
        u16().zip(names(), Rdata.Mx::new),
        u16().zip(u16(), names(), (a, b, name) -> new Rdata.Srv(a, b, a ^ b, name)),
        names()
            .zip(names(), u32(), (a, b, n) -> new Rdata.Soa(a, b, n, n / 2, n / 3, n / 4, n / 5)),
        lists().of(octets(0, 255)).ofSizeBetween(0, 4).map(Rdata.Txt::new),
        octets(0, 255).zip(octets(0, 255), Rdata.Hinfo::new),
        integers().between(300, 0xffff).zip(blob(), Rdata.Unknown::new));
  }

  static Gen<ResourceRecord> records() {
    return names().zip(u32(), rdata(), ResourceRecord::of);
  }

  static Gen<DnsMessage> messages() {
    Gen<List<ResourceRecord>> section = lists().of(records()).ofSizeBetween(0, 6);
    Gen<Question> question = names().zip(u16(), u16(), Question::new);
    Gen<DnsHeader> header = u16().zip(u16(), DnsHeader::new);
    Gen<Edns> edns =
        u16()
            .zip(
                integers().between(0, 255),
                blob(),
                (size, bits, blob) ->
                    new Edns(
                        size, bits, 255 - bits, bits << 8, List.of(new Rdata.Opt.Option(3, blob))));
    return header
        .zip(
            lists().of(question).ofSizeBetween(0, 3),
            section,
            section,
            (h, questions, answers, rest) -> new DnsMessage(h, questions, answers, rest, List.of()))
        .zip(
            section,
            Generate.booleans(),
            edns,
            (message, extra, withEdns, opt) ->
                withEdns
                    ? message.withAdditional(extra).withEdns(opt)
                    : message.withAdditional(extra));
  }
}
