package io.podwire.testkit.e2e;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A question and its answer, from a line of a table or from what dig prints.
 *
 * @param question name and type
 * @param status response code and flags
 * @param sections answer, authority and additional; each a set of {@code OWNER TTL TYPE DATA}
 */
record DigAnswer(String question, String status, List<Set<String>> sections) {

  private static final String ZONE_SOA =
      "cluster.local. 5 SOA ns.dns.cluster.local. hostmaster.cluster.local. # 7200 1800 86400 5";
  private static final List<String> NAMES = List.of("ANSWER", "AUTHORITY", "ADDITIONAL");
  private static final Set<String> ALWAYS = Set.of("qr", "rd");
  private static final Pattern HEADER =
      Pattern.compile(
          "(?s)status: (\\w+),.*?flags:([a-z ]*);.*?;; QUESTION"
              + " SECTION:\\n;(\\S+)\\s+IN\\s+(\\S+)");

  String name() {
    return question.split(" ")[0];
  }

  String type() {
    return question.split(" ")[1];
  }

  /** {@code NAME TYPE | RCODE FLAGS | answer | authority | additional}. */
  static DigAnswer read(String line) {
    String[] columns = Arrays.copyOf(line.split("\\|", -1), 2 + NAMES.size());
    List<Set<String>> sections = new ArrayList<>();
    for (int i = 2; i < columns.length; i++) {
      Set<String> records = new TreeSet<>();
      for (String text : Objects.requireNonNullElse(columns[i], "").split(";")) {
        String written = text.strip();
        if (!written.isEmpty()) {
          records.add(written.equals("soa") ? ZONE_SOA : written);
        }
      }
      sections.add(records);
    }
    return new DigAnswer(columns[0].strip(), columns[1].strip(), sections);
  }

  /** The answers of a run of dig, in their order. */
  static List<DigAnswer> parse(String output) {
    List<DigAnswer> answers = new ArrayList<>();
    for (String block : output.split(";; Got answer:\\n")) {
      Matcher header = HEADER.matcher(block);
      if (block.contains(";; Query time:") && header.find()) {
        answers.add(parse(block, header));
      }
    }
    return answers;
  }

  private static DigAnswer parse(String block, Matcher header) {
    String name = header.group(3);
    StringBuilder status = new StringBuilder(header.group(1));
    Arrays.stream(header.group(2).strip().split(" "))
        .filter(flag -> !ALWAYS.contains(flag))
        .forEach(flag -> status.append(' ').append(flag));
    List<Set<String>> sections = new ArrayList<>();
    for (String section : NAMES) {
      Set<String> records = new TreeSet<>();
      int from = block.indexOf(";; " + section + " SECTION:\n");
      if (from >= 0) {
        block
            .substring(from)
            .lines()
            .skip(1)
            .takeWhile(line -> !line.isBlank())
            .forEach(line -> records.add(record(name, line)));
      }
      sections.add(records);
    }
    return new DigAnswer(name + " " + header.group(4), status.toString(), sections);
  }

  /** {@code OWNER TTL CLASS TYPE DATA}, where the class is always the same. */
  private static String record(String asked, String line) {
    String[] words = line.split("\\s+");
    List<String> kept = new ArrayList<>(List.of(words));
    kept.remove(2);
    if (kept.get(2).equals("SOA")) {
      kept.set(5, "#");
    }
    String text = String.join(" ", kept);
    if (kept.get(0).equals(asked) && !text.equals(ZONE_SOA)) {
      kept.set(0, "@");
    }
    return String.join(" ", kept);
  }
}
