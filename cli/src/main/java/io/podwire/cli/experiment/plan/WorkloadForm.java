package io.podwire.cli.experiment.plan;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/** Reads what a program in a Pod is to do. */
record WorkloadForm(String namespace) {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final double DEFAULT_RATE = 10;
  private static final double MOST_RATE = 100_000;
  private static final int MOST_PLACES = 1_000;
  private static final double SECOND = 1e9;

  Workload read(Fields fields, String name) {
    Workload.Type type = type(fields);
    List<String> target = fields.texts("target");
    if (target.isEmpty()) {
      fields.problem("target", "is missing; " + example(type));
    } else if (type != Workload.Type.EXEC && target.size() > 1) {
      fields.problem("target", "is a list, which only type exec has; " + example(type));
    }
    return new Workload(
        name,
        fields.text("namespace", namespace),
        fields.required("from", "write the name of the Pod that the requests come from"),
        type,
        target,
        rate(fields),
        fields.whole("concurrency", 16, 1, MOST_PLACES),
        fields.positive("timeout", TIMEOUT),
        only(fields, "send", type, Workload.Type.TCP),
        expression(fields, "expect"),
        fields.has("record") ? only(fields, "record", type, Workload.Type.DNS) : "A");
  }

  private static Workload.Type type(Fields fields) {
    String text = fields.text("type", "http");
    for (Workload.Type type : Workload.Type.values()) {
      if (type.name().toLowerCase(Locale.ROOT).equals(text)) {
        return type;
      }
    }
    String all =
        Arrays.stream(Workload.Type.values())
            .map(type -> type.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", "));
    fields.problem("type", "\"" + text + "\" is none of " + all);
    return Workload.Type.HTTP;
  }

  private static double rate(Fields fields) {
    if (fields.has("every")) {
      if (fields.has("rate")) {
        fields.problem("every", "and rate say the same; write one of them");
      }
      return SECOND / fields.positive("every", Duration.ofSeconds(1)).toNanos();
    }
    return fields.number("rate", DEFAULT_RATE, 0, MOST_RATE);
  }

  private static String only(
      Fields fields, String field, Workload.Type type, Workload.Type allowed) {
    if (fields.has(field) && type != allowed) {
      fields.problem(field, "goes with type " + allowed.name().toLowerCase(Locale.ROOT) + " alone");
    }
    return fields.text(field, "");
  }

  static String expression(Fields fields, String field) {
    String text = fields.text(field, "");
    try {
      Pattern.compile(text);
    } catch (PatternSyntaxException odd) {
      fields.problem(field, "\"" + text + "\" is no regular expression: " + odd.getDescription());
    }
    return text;
  }

  private static String example(Workload.Type type) {
    return switch (type) {
      case HTTP, STREAM -> "write a URL such as http://web/hostname";
      case TCP -> "write HOST:PORT";
      case PING -> "write a name or an address";
      case DNS -> "write a name such as web.default.svc.cluster.local";
      case EXEC -> "write the program and its arguments as a list";
    };
  }
}
