package io.podwire.bench.comparison;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns options into a plan, or says everything that is wrong with them at once. */
public final class PlanCheck {
  private static final int MOST_ROUNDS = 100;
  private static final int MOST_SECONDS = 60;
  private static final int MOST_NAMES = 20_000;
  private static final int MOST_AGENTS = 200;
  private static final int MOST_MINUTES = 24 * 60;
  private static final int ROUNDS = 5;
  private static final int SECONDS = 4;
  private static final int NAMES = 5000;
  private static final int AGENTS = 100;
  private static final int MINUTES = 10;
  private static final int QUICK_ROUNDS = 2;
  private static final int QUICK_SECONDS = 1;
  private static final int QUICK_NAMES = 1000;

  private PlanCheck() {}

  /**
   * The options as they were written.
   *
   * @param only topics; empty for those that are not slow
   * @param rounds null where it was not given; so are the other numbers
   * @param quick fewer rounds, shorter ones
   * @param full the slow topics too
   * @param json where the report is to be written, or null
   */
  public record Options(
      List<String> only,
      @Nullable Integer rounds,
      @Nullable Integer seconds,
      @Nullable Integer names,
      @Nullable Integer agents,
      @Nullable Integer minutes,
      boolean quick,
      boolean full,
      @Nullable Path json) {

    /** Keeps its own copy of the topics. */
    public Options {
      only = List.copyOf(only);
    }
  }

  /** A plan, or what is wrong. */
  public record Outcome(Optional<BenchPlan> plan, List<String> problems) {}

  /** Checks all of them. */
  public static Outcome check(Options options) {
    List<String> problems = new ArrayList<>();
    Set<Topic> topics = topics(options, problems);
    boolean quick = options.quick();
    int rounds =
        number("--rounds", options.rounds(), quick ? QUICK_ROUNDS : ROUNDS, MOST_ROUNDS, problems);
    int seconds =
        number(
            "--seconds",
            options.seconds(),
            quick ? QUICK_SECONDS : SECONDS,
            MOST_SECONDS,
            problems);
    int names =
        number("--names", options.names(), quick ? QUICK_NAMES : NAMES, MOST_NAMES, problems);
    int agents = number("--agents", options.agents(), AGENTS, MOST_AGENTS, problems);
    int minutes =
        number("--minutes", options.minutes(), quick ? 1 : MINUTES, MOST_MINUTES, problems);
    Path json = options.json();
    if (json != null) {
      checkFile(json, problems);
    }
    return problems.isEmpty()
        ? new Outcome(
            Optional.of(new BenchPlan(topics, rounds, seconds, names, agents, minutes)), List.of())
        : new Outcome(Optional.empty(), List.copyOf(problems));
  }

  private static Set<Topic> topics(Options options, List<String> problems) {
    Set<Topic> topics = EnumSet.noneOf(Topic.class);
    for (String word : options.only()) {
      Optional<Topic> topic =
          Arrays.stream(Topic.values()).filter(each -> each.word().equals(word)).findFirst();
      topic.ifPresentOrElse(
          topics::add,
          () ->
              problems.add(
                  "--only " + word + ": no such topic; there are " + String.join(", ", words())));
    }
    if (options.full() && !options.only().isEmpty()) {
      problems.add("--full and --only exclude each other: --only names every topic itself");
    }
    if (options.only().isEmpty()) {
      Arrays.stream(Topic.values())
          .filter(topic -> options.full() || !topic.isSlow())
          .forEach(topics::add);
    }
    return topics;
  }

  private static List<String> words() {
    return Arrays.stream(Topic.values()).map(Topic::word).toList();
  }

  private static int number(
      String option, @Nullable Integer given, int usual, int most, List<String> problems) {
    int value = given == null ? usual : given;
    if (value < 1 || value > most) {
      problems.add(option + " " + value + ": must be 1-" + most);
    }
    return value;
  }

  private static void checkFile(Path file, List<String> problems) {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      problems.add("--json " + file + ": is a folder; name a file");
    } else if (folder == null || !Files.isDirectory(folder)) {
      problems.add("--json " + file + ": there is no folder " + folder + "; create it first");
    } else if (!Files.isWritable(Files.exists(file) ? file : folder)) {
      problems.add("--json " + file + ": may not be written");
    }
  }
}
