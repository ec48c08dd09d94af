package io.podwire.cli.experiment.report;

import io.podwire.cli.experiment.run.Check;
import io.podwire.cli.experiment.run.Outcome;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** The report as continuous integration reads it: a test case for each check. */
final class JunitReport {
  private JunitReport() {}

  static String of(Outcome outcome) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      write(xml, outcome);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
    return text.append("\n").toString();
  }

  private static void write(XMLStreamWriter xml, Outcome outcome) throws XMLStreamException {
    List<Check> checks = outcome.checks();
    String time = String.format(Locale.ROOT, "%.3f", outcome.seconds());
    xml.writeStartElement("testsuites");
    counts(xml, checks, time);
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", printable(outcome.name()));
    counts(xml, checks, time);
    xml.writeAttribute("skipped", count(checks, Check.Verdict.INCONCLUSIVE));
    xml.writeAttribute(
        "timestamp",
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss", Locale.ROOT)
            .withZone(ZoneOffset.UTC)
            .format(outcome.began()));
    xml.writeStartElement("properties");
    xml.writeEmptyElement("property");
    xml.writeAttribute("name", "seed");
    xml.writeAttribute("value", Long.toString(outcome.seed()));
    xml.writeEndElement();
    // Readers take two cases of one name for one.
    Map<String, Integer> names = new HashMap<>();
    for (Check check : checks) {
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", printable(outcome.name() + "." + check.kind()));
      int number = names.merge(check.kind() + check.name(), 1, Integer::sum);
      xml.writeAttribute("name", printable(check.name()) + (number > 1 ? " (" + number + ")" : ""));
      xml.writeAttribute("time", "0.000");
      switch (check.verdict()) {
        case FAILED -> {
          xml.writeStartElement("failure");
          xml.writeAttribute("message", printable(check.seen()));
          xml.writeAttribute("type", check.kind());
          xml.writeCharacters(printable("expected: " + check.name() + "\nseen: " + check.seen()));
          xml.writeEndElement();
        }
        case INCONCLUSIVE -> {
          xml.writeEmptyElement("skipped");
          xml.writeAttribute("message", printable("inconclusive: " + check.seen()));
        }
        case PASSED -> {
          xml.writeStartElement("system-out");
          xml.writeCharacters(printable(check.seen()));
          xml.writeEndElement();
        }
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
    xml.writeEndElement();
  }

  private static void counts(XMLStreamWriter xml, List<Check> checks, String time)
      throws XMLStreamException {
    xml.writeAttribute("tests", Integer.toString(checks.size()));
    xml.writeAttribute("failures", count(checks, Check.Verdict.FAILED));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("time", time);
  }

  private static String count(List<Check> checks, Check.Verdict verdict) {
    return Long.toString(checks.stream().filter(check -> check.verdict() == verdict).count());
  }

  /** XML 1.0, section 2.2: what a program in a Pod writes may hold other characters. */
  private static String printable(String text) {
    StringBuilder kept = new StringBuilder();
    text.codePoints()
        .map(c ->
            c == '\n'
                    || c == '\t'
                    || c >= 0x20 && c <= 0xd7ff
                    || c >= 0xe000 && c <= 0xfffd
                    || c >= 0x10000
                ? c
                : '\ufffd')
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }
}
