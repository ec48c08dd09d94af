package io.podwire.dns.nsid;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.corefile.Token;
import io.podwire.dns.handler.Query;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.packet.Octets;
import io.podwire.packet.dns.Rdata;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** {@code nsid [DATA]}: who asks for the server's name gets it (RFC 5001). */
public final class NsidPlugin implements Plugin {
  /** IANA's number of the EDNS option. */
  private static final int OPTION = 3;

  private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

  @Override
  public String name() {
    return "nsid";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    Words.once(uses, problems);
    Words.noOptions(uses.get(0), problems);
    List<Token> words = uses.get(0).head().arguments();
    String name =
        words.isEmpty()
            ? hostName()
            : words.stream().map(Token::text).collect(Collectors.joining(" "));
    Rdata.Opt.Option option =
        new Rdata.Opt.Option(OPTION, Octets.of(name.getBytes(StandardCharsets.UTF_8)));
    return site ->
        Part.of((query, rest) -> {
          if (asks(query)) {
            query.delivery().option(option);
          }
          return rest.next(query);
        });
  }

  private static boolean asks(Query query) {
    return query.message().edns().stream()
        .flatMap(edns -> edns.options().stream())
        .anyMatch(each -> each.code() == OPTION);
  }

  private static String hostName() {
    try {
      return Files.readString(HOST_NAME).strip();
    } catch (IOException e) {
      return "localhost";
    }
  }
}
