package io.podwire.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.podwire.bench.measure.Row;
import io.podwire.bench.measure.Samples;
import io.podwire.bench.measure.Series;
import io.podwire.bench.measure.Target;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class GridTest {

  private static Row row(String mode, double few, double many) {
    return Row.of(
            mode,
            "first packet, " + mode,
            "ns",
            List.of(new Series("10", Samples.of(few)), new Series("20000", Samples.of(many))))
        .compared("20000", "10", Optional.empty())
        .bounded("20000", Target.atMost(5));
  }

  private static Grid grid() {
    return new Grid(
        "First packet",
        List.of("iptables", "maglev"),
        List.of(row("iptables", 900, 450_000), row("maglev", 2, 2_000_000_000)));
  }

  @Test
  void shouldShowRowsSideBySideAndTheirTargets() {
    Findings findings = new Findings();
    findings.add(grid());
    StringWriter text = new StringWriter();
    TextReport.print(
        findings, new MachineFacts(Map.of("kernel", "6"), Map.of()), new PrintWriter(text));

    assertThat(text.toString().lines().map(String::strip))
        .containsSequence(
            "First packet",
            "10       20,000  20,000 / 10",
            "iptables  900 ns   450 µs  500",
            "maglev    2.00 ns  2.00 s  1,000,000,000")
        .doesNotContain("Values: median (least-greatest)")
        .anyMatch(line -> line.startsWith("first packet, iptables") && line.endsWith("no"));
  }

  @Test
  void shouldDrawALineForEachRowInEachPanel() throws Exception {
    String svg = LinePlot.of("Costs", List.of(grid(), grid(), grid()));

    Document picture =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(svg)));
    NodeList lines = picture.getElementsByTagName("polyline");
    assertThat(lines.getLength()).isEqualTo(6);
    for (int i = 0; i < lines.getLength(); i++) {
      String points = lines.item(i).getAttributes().getNamedItem("points").getNodeValue();
      assertThat(points.strip().split(" ")).hasSize(2).allMatch(point -> point.matches("[0-9.,]+"));
    }
  }
}
