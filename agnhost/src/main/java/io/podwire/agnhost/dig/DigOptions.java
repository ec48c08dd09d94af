package io.podwire.agnhost.dig;

import io.podwire.packet.addr.IpAddress;
import io.podwire.packet.dns.RecordType;
import io.podwire.packet.dns.ReverseName;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What dig's own little language says; see dig(1). */
final class DigOptions {

  /** The parts of the output that can be left out with {@code +no...}. */
  enum Part {
    CMD,
    COMMENTS,
    QUESTION,
    ANSWER,
    AUTHORITY,
    ADDITIONAL,
    STATS
  }

  /** Words that are wrong, with what to write instead. */
  static final class UsageFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageFailure(String message) {
      super(message);
    }
  }

  /** None: those of resolv.conf. */
  @Nullable String server;

  String name = ".";
  int type = RecordType.A;
  int port = 53;
  boolean tcp;
  boolean shortForm;
  boolean search;
  boolean recurse = true;

  /** Whether a truncated answer is taken as it is. */
  boolean ignoreTruncation;

  /** The UDP payload size to announce; 0 for a query without EDNS. */
  int payloadSize = 1232;

  int timeoutSeconds = 5;
  int tries = 3;
  final Set<Part> parts = EnumSet.allOf(Part.class);

  private boolean named;
  private boolean typed;

  private DigOptions() {}

  static DigOptions parse(List<String> words) {
    DigOptions options = new DigOptions();
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (word.startsWith("@")) {
        options.server = word.substring(1);
      } else if (word.startsWith("+")) {
        options.plus(word.substring(1));
      } else if (word.matches("-[xptqc]")) {
        if (++i == words.size()) {
          throw new UsageFailure("option " + word + " needs a value");
        }
        options.dash(word, words.get(i));
      } else if (word.startsWith("-") && word.length() > 1) {
        throw new UsageFailure(
            "option '" + word + "' is not known; there are -x, -p, -t, -q and -c");
      } else {
        options.word(word);
      }
    }
    if (!options.named && !options.typed) {
      options.type = RecordType.NS;
    }
    return options;
  }

  private void dash(String option, String value) {
    switch (option) {
      case "-x" -> {
        IpAddress address =
            IpAddress.tryParse(value)
                .orElseThrow(() -> new UsageFailure("-x: '" + value + "' is no IP address"));
        name(ReverseName.of(address).toString());
        type(RecordType.PTR);
      }
      case "-p" -> port = number("-p", value, 1, 65535);
      case "-t" -> type(type(value).orElseThrow(() -> unknownType(value)));
      case "-q" -> name(value);
      default -> {
        if (!value.equalsIgnoreCase("IN")) {
          throw new UsageFailure("-c: '" + value + "' is not known; there is only IN");
        }
      }
    }
  }

  private void word(String word) {
    Optional<Integer> asType = type(word);
    if (asType.isPresent() && !typed && (named || !word.contains("."))) {
      type(asType.get());
    } else if (!word.equalsIgnoreCase("IN")) {
      name(word);
    }
  }

  private static Optional<Integer> type(String word) {
    return RecordType.tryParse(word);
  }

  private static UsageFailure unknownType(String word) {
    return new UsageFailure("'" + word + "' is no record type; write A, AAAA, PTR, SRV or TYPE123");
  }

  private void name(String text) {
    if (named) {
      throw new UsageFailure("one name at a time; both '" + name + "' and '" + text + "' given");
    }
    name = text;
    named = true;
  }

  private void type(int number) {
    type = number;
    typed = true;
  }

  private void plus(String option) {
    int equals = option.indexOf('=');
    if (equals >= 0) {
      valued(option.substring(0, equals), option.substring(equals + 1));
      return;
    }
    boolean on = !option.startsWith("no");
    switch (on ? option : option.substring(2)) {
      case "short" -> shortForm = on;
      case "tcp", "vc" -> tcp = on;
      case "search" -> search = on;
      case "recurse", "rec" -> recurse = on;
      case "ignore" -> ignoreTruncation = on;
      case "edns" -> payloadSize = on ? 1232 : 0;
      case "all" -> {
        if (on) {
          parts.addAll(EnumSet.allOf(Part.class));
        } else {
          parts.clear();
        }
      }
      default -> part(on ? option : option.substring(2), on);
    }
  }

  private void part(String text, boolean on) {
    for (Part part : Part.values()) {
      if (part.name().equalsIgnoreCase(text)) {
        if (on) {
          parts.add(part);
        } else {
          parts.remove(part);
        }
        return;
      }
    }
    throw new UsageFailure("option '+" + text + "' is not known");
  }

  private void valued(String option, String value) {
    switch (option) {
      case "time", "timeout" -> timeoutSeconds = number("+time", value, 1, 300);
      case "tries" -> tries = number("+tries", value, 1, 100);
      case "retry" -> tries = 1 + number("+retry", value, 0, 99);
      case "bufsize" -> payloadSize = number("+bufsize", value, 0, 65535);
      default -> throw new UsageFailure("option '+" + option + "=' is not known");
    }
  }

  private static int number(String option, String value, int min, int max) {
    int number = value.matches("[0-9]{1,5}") ? Integer.parseInt(value) : -1;
    if (number < min || number > max) {
      throw new UsageFailure(option + ": '" + value + "' is no number from " + min + " to " + max);
    }
    return number;
  }
}
