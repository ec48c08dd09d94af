package io.podwire.testkit.junit;

import io.podwire.testkit.cluster.Cluster;
import io.podwire.testkit.cluster.Fault;
import io.podwire.testkit.cluster.Node;
import io.podwire.testkit.cluster.Pod;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What was there before a test, so that afterwards can be told what the test has left. */
final class LeakCheck {
  private static final String PARALLEL = "junit.jupiter.execution.parallel.enabled";

  /** Netty's thread for what has no other: it ends by itself after a second without work. */
  private static final String NETTY_GLOBAL = "globalEventExecutor";

  /** Threads that were told to end may need a moment. */
  private static final long THREAD_MILLIS = 500;

  private final Cluster cluster;
  private final boolean withPods;
  private final boolean withThreads;
  private final Set<String> faults;
  private final Set<String> pods;
  private final Set<Thread> threads;

  private LeakCheck(Cluster cluster, boolean withPods, boolean withThreads) {
    this.cluster = cluster;
    this.withPods = withPods;
    this.withThreads = withThreads;
    this.faults = names(cluster.faults());
    this.pods = withPods ? names(cluster.pods()) : Set.of();
    this.threads = withThreads ? threads() : Set.of();
  }

  /**
   * Before a test.
   *
   * @param withPods whether other tests use the cluster after this one
   */
  static LeakCheck begin(Cluster cluster, boolean withPods, ExtensionContext context) {
    // The threads of tests that run at the same time cannot be told from this one's.
    boolean alone =
        !context.getConfigurationParameter(PARALLEL).map(Boolean::parseBoolean).orElse(false);
    return new LeakCheck(cluster, withPods, alone);
  }

  /** After the test: removes what it has left in the cluster, and says what that was. */
  List<String> end() {
    List<String> leaks = new ArrayList<>();
    for (Fault fault : cluster.faults()) {
      if (!faults.contains(fault.toString())) {
        leaks.add(fault + ": close it, best by try-with-resources");
        fault.check(Fault.Check.NOTHING).close();
      }
    }
    for (Node.Pause pause : cluster.pauses()) {
      leaks.add(pause + ": close it, best by try-with-resources");
      pause.close();
    }
    if (withPods) {
      for (Pod pod : cluster.pods()) {
        if (!pods.contains(pod.toString())) {
          leaks.add(pod + ": delete it, or make it in @BeforeAll");
          pod.delete();
        }
      }
    }
    if (withThreads) {
      leakedThreads().forEach(thread -> leaks.add("thread " + thread.getName() + ": end it"));
    }
    return leaks;
  }

  private List<Thread> leakedThreads() {
    List<Thread> leaked = new ArrayList<>(threads());
    leaked.removeAll(threads);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(THREAD_MILLIS);
    for (Thread thread : leaked) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        thread.join(Math.max(1, left));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    return leaked.stream().filter(Thread::isAlive).toList();
  }

  /** Those that would keep the JVM from ending. */
  private static Set<Thread> threads() {
    Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
    threads.removeIf(thread -> thread.isDaemon() || thread.getName().startsWith(NETTY_GLOBAL));
    return threads;
  }

  private static Set<String> names(List<?> handles) {
    Set<String> names = new HashSet<>();
    handles.forEach(each -> names.add(each.toString()));
    return names;
  }
}
