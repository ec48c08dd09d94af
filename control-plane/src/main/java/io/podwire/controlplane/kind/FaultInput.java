package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.JsonNode;
import io.podwire.cluster.fault.BitRate;
import io.podwire.cluster.fault.ByteSize;
import io.podwire.cluster.fault.GoDuration;
import io.podwire.cluster.fault.Percentage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads the values of a fault's manifest, each to something that can be gone on with, and notes
 * what is wrong or odd about them on the way.
 *
 * @param problems what makes the manifest wrong
 * @param warnings what is accepted but has no effect, or hardly the one that is meant
 */
record FaultInput(Problems problems, List<String> warnings) {

  private static final double UNLIKELY = 0;
  private static final Duration LONGEST_DELAY = Duration.ofDays(1);

  /** The same reading for its values alone, where the field is reported elsewhere. */
  FaultInput silent() {
    return new FaultInput(new Problems(), new ArrayList<>());
  }

  /** A duration that is longer than none; the fallback where it is absent or wrong. */
  Duration positive(Field field, Duration fallback) {
    Duration duration = text(field, GoDuration::parse, fallback);
    if (field.isGiven() && field.text() != null && !isLongerThanNone(duration)) {
      problems.invalid(
          field,
          field.shown()
              + (duration.isNegative() ? " is negative; " : " is no time at all; ")
              + "write a longer one, such as 100ms, or leave the field out");
      return fallback;
    }
    return duration;
  }

  /** As {@link #positive}, of a field that has to be there. */
  Duration required(Field field, String fix) {
    if (!field.isGiven()) {
      problems.required(field, fix);
    }
    return positive(field, Duration.ofMillis(1));
  }

  /** A duration that may be zero; zero where it is absent or wrong. */
  Duration orZero(Field field) {
    Duration duration = text(field, GoDuration::parse, Duration.ZERO);
    if (duration.isNegative()) {
      problems.invalid(field, field.shown() + " is negative; write 0 or more, such as 10ms");
      return Duration.ZERO;
    }
    return duration;
  }

  /** A delay, of a day at most: packets that wait longer are as good as lost. */
  Duration delay(Field field, Duration read) {
    if (read.compareTo(LONGEST_DELAY) > 0) {
      problems.invalid(field, field.shown() + " is more than a day; write a shorter one");
      return LONGEST_DELAY;
    }
    return read;
  }

  /** A percentage with its sign, as a fraction. */
  double percent(Field field, double fallback) {
    return text(field, Percentage::parse, fallback);
  }

  /** A percentage with its sign that has to be there. */
  double requiredPercent(Field field) {
    if (!field.isGiven()) {
      problems.required(field, "write a percentage such as 10%");
    }
    return percent(field, UNLIKELY);
  }

  /** A percentage without a sign, as Chaos Mesh writes it. */
  double barePercent(Field field) {
    return text(field, Percentage::parseBare, UNLIKELY);
  }

  /** Bits a second; 1 where it is absent or wrong. */
  long rate(Field field) {
    return text(field, BitRate::parse, 1L);
  }

  /** Bits a second of a field that has to be there. */
  long requiredRate(Field field) {
    if (!field.isGiven()) {
      problems.required(field, "write a rate such as 10mbit (bits a second) or 1mbps (bytes)");
    }
    return rate(field);
  }

  /** A whole number of at least this much. */
  int count(Field field, int fallback, int least) {
    Integer number = field.number();
    if (number == null) {
      return fallback;
    }
    if (number < least) {
      problems.invalid(field, field.shown() + " is too little; write " + least + " or more");
      return fallback;
    }
    return number;
  }

  /** Bytes, at least this many; a number or a text with a unit. */
  long size(Field field, long fallback, long least, long most) {
    if (!field.isGiven() || field.node() == null) {
      return fallback;
    }
    JsonNode node = field.node();
    long bytes;
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      bytes = node.longValue();
    } else {
      bytes = text(field, ByteSize::parse, least);
    }
    if (bytes < least || bytes > most) {
      problems.invalid(
          field, field.shown() + " is out of range; write " + least + " to " + most + " bytes");
      return fallback;
    }
    return bytes;
  }

  /** What one of these words stands for; the fallback where the field is absent or another one. */
  <T> T word(Field field, Map<String, T> words, T fallback) {
    String text = field.textOr("");
    T meant = words.get(text);
    if (meant != null) {
      return meant;
    }
    if (!text.isEmpty()) {
      PortRules.oneOf(field, List.copyOf(words.keySet()), problems);
    }
    return fallback;
  }

  /** Reports what is known, but not to be had here. */
  void unsupported(Field field, String instead) {
    if (field.isGiven()) {
      problems.add(
          Problem.Reason.NOT_SUPPORTED,
          field,
          field.shown() + " is not supported here; " + instead);
    }
  }

  /** Reports a field that contradicts another one. */
  void contradiction(Field field, String sentence) {
    problems.add(Problem.Reason.FORBIDDEN, field, sentence);
  }

  void warn(Field field, String sentence) {
    warnings.add(field.path() + ": " + sentence);
  }

  private <T> T text(Field field, Function<String, @Nullable T> parser, T fallback) {
    String text = field.textOr("");
    if (text.isEmpty()) {
      return fallback;
    }
    try {
      T value = parser.apply(text);
      return value == null ? fallback : value;
    } catch (IllegalArgumentException e) {
      problems.invalid(field, field.shown() + " " + e.getMessage());
      return fallback;
    }
  }

  private static boolean isLongerThanNone(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }
}
