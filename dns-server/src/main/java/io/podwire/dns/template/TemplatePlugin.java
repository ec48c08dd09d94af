package io.podwire.dns.template;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.Octets;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.Rdata;
import io.podwire.packet.dns.RecordClass;
import io.podwire.packet.dns.RecordType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** {@code template CLASS TYPE [ZONES…]}: answers made of the names asked for. */
public final class TemplatePlugin implements Plugin {

  /** IANA's number of the EDNS option. */
  private static final int EXTENDED_ERROR = 15;

  @Override
  public String name() {
    return "template";
  }

  @Override
  public Draft read(List<Directive> uses, ServerBlock block, Problems problems) {
    List<TemplateHandler.Template> templates = new ArrayList<>();
    uses.forEach(use -> templates.add(template(use, block, problems)));
    return site -> Part.of(new TemplateHandler(templates, site));
  }

  private static TemplateHandler.Template template(
      Directive use, ServerBlock block, Problems problems) {
    Words head = new Words(use.head(), problems);
    String className = head.text("a class");
    int dnsClass =
        RecordClass.tryParse(className)
            .orElseGet(() -> {
              head.problem("'" + className + "' is no class; known: IN, CH, HS, NONE, ANY");
              return RecordClass.IN;
            });
    String typeName = head.text("a type");
    int type =
        RecordType.tryParse(typeName)
            .orElseGet(() -> {
              head.problem("'" + typeName + "' is no type of record");
              return RecordType.ANY;
            });
    Zones zones = Zones.readOrOf(block, head.rest(), problems);
    List<Pattern> matches = new ArrayList<>();
    List<RecordTemplate> answers = new ArrayList<>();
    List<RecordTemplate> additional = new ArrayList<>();
    List<RecordTemplate> authority = new ArrayList<>();
    int rcode = Rcode.NOERROR;
    Rdata.Opt.Option extendedError = null;
    Zones fallthrough = Zones.NONE;
    for (Line line : use.options()) {
      Words words = new Words(line, problems);
      switch (line.name()) {
        case "match" -> patterns(words, matches);
        case "answer" -> answers.add(record(words));
        case "additional" -> additional.add(record(words));
        case "authority" -> authority.add(record(words));
        case "rcode" -> {
          String text = words.text("an rcode");
          rcode =
              Rcode.tryParse(text)
                  .orElseGet(() -> {
                    words.problem("'" + text + "' is no rcode; write one such as NXDOMAIN");
                    return Rcode.NOERROR;
                  });
        }
        case "ederror" -> extendedError = extendedError(words);
        case "var", "expr" -> {
          words.rest();
          problems.add(line.first(), "'" + line.name() + "' is not built; take the line out");
        }
        case "fallthrough" -> fallthrough = Zones.readOrAll(words.rest(), problems);
        case "upstream" -> words.rest();
        default ->
            Words.unknown(
                "template",
                line,
                problems,
                "match",
                "answer",
                "additional",
                "authority",
                "rcode",
                "ederror",
                "fallthrough");
      }
    }
    if (matches.isEmpty()) {
      matches.add(Pattern.compile(".*"));
    }
    return new TemplateHandler.Template(
        zones,
        dnsClass,
        type,
        matches,
        answers,
        additional,
        authority,
        rcode,
        extendedError,
        fallthrough);
  }

  /** The code, and a text for people (RFC 8914, section 2). */
  private static Rdata.Opt.Option extendedError(Words words) {
    int code = words.number("extended error code", 0, 0xffff, 0);
    byte[] reason =
        words.hasNext() ? words.text("a reason").getBytes(StandardCharsets.UTF_8) : new byte[0];
    words.end();
    byte[] content = new byte[2 + reason.length];
    content[0] = (byte) (code >> 8);
    content[1] = (byte) code;
    System.arraycopy(reason, 0, content, 2, reason.length);
    return new Rdata.Opt.Option(EXTENDED_ERROR, Octets.of(content));
  }

  private static void patterns(Words words, List<Pattern> patterns) {
    while (words.hasNext()) {
      String text = words.text("a regular expression");
      try {
        // Go writes named groups with a P.
        patterns.add(Pattern.compile(text.replace("(?P<", "(?<")));
      } catch (PatternSyntaxException e) {
        words.problem("'" + text + "' is no regular expression: " + e.getDescription());
      }
    }
  }

  private static RecordTemplate record(Words words) {
    String text = words.rest().stream().map(each -> each.text()).collect(Collectors.joining(" "));
    RecordTemplate.unknown(text)
        .ifPresent(place ->
            words.problem(
                "'{{"
                    + place
                    + "}}' is not built; known: .Name, .Zone, .Class, .Type, .Remote, .Group.NAME,"
                    + " index .Match NUMBER, parseInt VALUE BASE BITS"));
    return new RecordTemplate(text);
  }
}
