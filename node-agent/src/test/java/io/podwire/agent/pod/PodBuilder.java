package io.podwire.agent.pod;

import io.podwire.cluster.model.Container;
import io.podwire.cluster.model.ObjectName;
import io.podwire.cluster.model.Pod;
import io.podwire.cluster.model.PodPhase;
import io.podwire.cluster.model.PodSpec;
import io.podwire.cluster.model.PodSpec.RestartPolicy;
import io.podwire.cluster.model.Probe;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pods of one container that runs a shell script. */
public final class PodBuilder {

  private final String name;
  private final String script;
  private String uid;
  private RestartPolicy policy = RestartPolicy.ALWAYS;
  private @Nullable Probe probe;
  private boolean hostNetwork;
  private boolean terminating;
  private int grace = 30;

  private PodBuilder(String name, String script) {
    this.name = name;
    this.script = script;
    this.uid = "uid-" + name;
  }

  public static ObjectName key(String name) {
    return new ObjectName("shop", name);
  }

  public static PodBuilder running(String name, String script) {
    return new PodBuilder(name, script);
  }

  public PodBuilder uid(String other) {
    uid = other;
    return this;
  }

  public PodBuilder policy(RestartPolicy restartPolicy) {
    policy = restartPolicy;
    return this;
  }

  public PodBuilder readyWhen(String command) {
    probe = new Probe(new Probe.Exec(List.of("sh", "-c", command)), 0, 1, 5, 1, 1);
    return this;
  }

  public PodBuilder hostNetwork() {
    hostNetwork = true;
    return this;
  }

  public PodBuilder terminating(int graceSeconds) {
    terminating = true;
    grace = graceSeconds;
    return this;
  }

  public Pod build() {
    Container container =
        new Container(
            "main",
            "any/label",
            List.of("sh", "-c", script),
            List.of(),
            Map.of("GREETING", "hello $(NAME)", "NAME", "world"),
            "",
            List.of(),
            probe);
    return new Pod(
        key(name),
        uid,
        Map.of(),
        "node-1",
        new PodSpec(List.of(container), policy, Map.of(), null, null, hostNetwork),
        PodPhase.PENDING,
        List.of(),
        false,
        terminating,
        grace);
  }
}
