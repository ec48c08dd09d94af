package io.podwire.bench.comparison;

import java.util.List;

/** Runs the chapters of the plan one after the other. */
public final class Benchmark {
  private final List<Chapter> chapters;

  /** A benchmark of these chapters, in this order. */
  public Benchmark(List<Chapter> chapters) {
    this.chapters = List.copyOf(chapters);
  }

  /** Runs those whose topic is planned; a chapter that fails leaves the others their turn. */
  public void run(Session session) {
    for (Chapter chapter : chapters) {
      if (!session.plan().topics().contains(chapter.topic())) {
        continue;
      }
      try {
        chapter.measure(session);
      } catch (RuntimeException failure) {
        session.failed(chapter.topic().word(), failure);
      }
    }
    for (Topic topic : Topic.values()) {
      if (!session.plan().topics().contains(topic)) {
        String how = topic.isSlow() ? "--full or --only " : "--only ";
        session
            .findings()
            .missing(
                topic.word()
                    + " ("
                    + topic.description()
                    + "): ask for it with "
                    + how
                    + topic.word());
      }
    }
  }
}
