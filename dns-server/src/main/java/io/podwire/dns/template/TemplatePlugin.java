package io.podwire.dns.template;

import io.podwire.dns.corefile.Directive;
import io.podwire.dns.corefile.Line;
import io.podwire.dns.corefile.Problems;
import io.podwire.dns.corefile.ServerBlock;
import io.podwire.dns.plugin.Part;
import io.podwire.dns.plugin.Plugin;
import io.podwire.dns.plugin.Words;
import io.podwire.dns.plugin.Zones;
import io.podwire.packet.dns.Rcode;
import io.podwire.packet.dns.RecordType;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** {@code template CLASS TYPE [ZONES…]}: answers made of the names asked for. */
public final class TemplatePlugin implements Plugin {

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
    head.oneOf("class", "IN", "ANY");
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
    Zones fallthrough = Zones.NONE;
    for (Line line : use.options()) {
      Words words = new Words(line, problems);
      switch (line.name()) {
        case "match" -> patterns(words, matches);
        case "answer" -> answers.add(record(words));
        case "additional" -> additional.add(record(words));
        case "authority" -> authority.add(record(words));
        case "rcode" ->
            rcode =
                switch (words.oneOf(
                    "rcode", "NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED", "NOTIMP", "FORMERR")) {
                  case "NXDOMAIN" -> Rcode.NXDOMAIN;
                  case "SERVFAIL" -> Rcode.SERVFAIL;
                  case "REFUSED" -> Rcode.REFUSED;
                  case "NOTIMP" -> Rcode.NOTIMP;
                  case "FORMERR" -> Rcode.FORMERR;
                  default -> Rcode.NOERROR;
                };
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
                "fallthrough");
      }
    }
    if (matches.isEmpty()) {
      matches.add(Pattern.compile(".*"));
    }
    return new TemplateHandler.Template(
        zones, type, matches, answers, additional, authority, rcode, fallthrough);
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
                    + " index .Match NUMBER"));
    return new RecordTemplate(text);
  }
}
