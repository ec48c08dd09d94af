package io.podwire.testkit.testcontainers;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Event;
import com.github.dockerjava.api.model.EventType;
import io.podwire.testkit.cluster.ClusterFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Follows what the engine says of the containers that join sandboxes. Thread-safe. */
final class Workloads implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 10;
  private static final String HEALTH = "health_status";

  private final List<Workload> all = new CopyOnWriteArrayList<>();
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> {
        Thread daemon = new Thread(task, "podwire-workloads");
        daemon.setDaemon(true);
        return daemon;
      });
  private final ResultCallback.Adapter<Event> events =
      new ResultCallback.Adapter<>() {
        @Override
        public void onNext(Event event) {
          if (!thread.isShutdown()) {
            thread.execute(() -> take(event));
          }
        }
      };

  /** Listens from when it returns. */
  static Workloads follow() {
    Workloads workloads = new Workloads();
    PodwireImages.docker()
        .eventsCmd()
        .withEventTypeFilter(EventType.CONTAINER)
        .withEventFilter("start", "die", HEALTH)
        .exec(workloads.events);
    try {
      workloads.events.awaitStarted();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ClusterFailure("interrupted", stopped);
    }
    return workloads;
  }

  void add(Workload workload) {
    all.add(workload);
  }

  /** Whether there is a Pod of this name already. */
  boolean has(ContainerPod pod) {
    return all.stream().anyMatch(each -> each.pod().text().equals(pod.text()));
  }

  void remove(Workload workload) {
    all.remove(workload);
  }

  /** What is known of why the Pod of this name is not ready; empty for nothing. */
  String remark(String pod) {
    return all.stream()
        .filter(each -> each.pod().text().equals(pod))
        .map(Workload::remark)
        .findFirst()
        .orElse("");
  }

  private void take(Event event) {
    String id = String.valueOf(event.getId());
    String action = String.valueOf(event.getAction());
    if (action.equals("start")) {
      started(id);
      return;
    }
    for (Workload workload : all) {
      if (workload.is(id) && action.startsWith(HEALTH)) {
        workload.told(action.substring(action.indexOf(':') + 1).strip());
      } else if (workload.is(id)) {
        workload.ended();
      }
    }
  }

  private void started(String id) {
    try {
      InspectContainerResponse container = PodwireImages.docker().inspectContainerCmd(id).exec();
      String mode = String.valueOf(container.getHostConfig().getNetworkMode());
      all.stream().filter(each -> each.has(mode)).forEach(each -> each.started(container));
    } catch (DockerException gone) {
      // It has ended already, which will be told.
    }
  }

  /** Nothing is told to sandboxes any more when it returns. */
  @Override
  public void close() {
    all.clear();
    try {
      events.close();
    } catch (IOException ended) {
      // The engine went first.
    }
    thread.shutdown();
    try {
      thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
