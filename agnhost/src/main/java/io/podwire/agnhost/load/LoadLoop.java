package io.podwire.agnhost.load;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Makes requests when they are due, whether or not earlier ones were answered: a slow answer does
 * not make the load smaller while there are free places.
 *
 * <p>For one run by one thread; outcomes are told by the threads that made the requests.
 */
final class LoadLoop {
  private static final int WARM_UP = 2;
  private static final double SECOND = 1e9;

  private final Request request;
  private final Pace pace;
  private final Consumer<Outcome> outcomes;

  /**
   * How fast.
   *
   * @param perSecond 0 for each place as fast as it is answered
   * @param places how many requests may be under way at once
   * @param nanos how long; 0 for ever
   */
  record Pace(double perSecond, int places, int timeoutMillis, long nanos) {}

  LoadLoop(Request request, Pace pace, Consumer<Outcome> outcomes) {
    this.request = request;
    this.pace = pace;
    this.outcomes = outcomes;
  }

  /** Runs until the time is over and the last request has ended. */
  void run() throws InterruptedException {
    // What the first requests take is the loading of classes.
    for (int i = 0; i < WARM_UP; i++) {
      attempt(System.nanoTime());
    }
    Semaphore places = new Semaphore(pace.places());
    long began = System.nanoTime();
    // Platform threads: resolving a name blocks the thread in the C library.
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      for (long number = 0; ; number++) {
        long due =
            pace.perSecond() > 0
                ? began + (long) (number / pace.perSecond() * SECOND)
                : System.nanoTime();
        if (pace.nanos() > 0 && due - began >= pace.nanos()) {
          break;
        }
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
        places.acquire();
        long from = pace.perSecond() > 0 ? due : System.nanoTime();
        threads.execute(() -> {
          try {
            outcomes.accept(attempt(from));
          } finally {
            places.release();
          }
        });
      }
      places.acquire(pace.places());
    }
  }

  private Outcome attempt(long due) {
    // One clock for all: the wall clock as of now, less what has passed since it was due.
    double at =
        System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - due) / 1e3;
    try {
      String result = request.make(pace.timeoutMillis());
      return new Outcome(at, System.nanoTime() - due, true, result);
    } catch (IOException failure) {
      return new Outcome(at, System.nanoTime() - due, false, word(failure));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return new Outcome(at, System.nanoTime() - due, false, "interrupted");
    }
  }

  private static String word(IOException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case WrongAnswer wrong -> message;
      case SocketTimeoutException late -> "TIMEOUT";
      case UnknownHostException unknown -> "DNS";
      case PortUnreachableException closed -> "REFUSED";
      case NoRouteToHostException none -> "UNREACHABLE";
      case ConnectException refused ->
          message.contains("refused")
              ? "REFUSED"
              : message.contains("timed out") ? "TIMEOUT" : message;
      default -> message.contains("reset") ? "RESET" : message;
    };
  }
}
