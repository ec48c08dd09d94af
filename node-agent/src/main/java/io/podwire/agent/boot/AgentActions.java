package io.podwire.agent.boot;

import io.podwire.agent.fault.NodeActions;
import io.podwire.agent.sync.DatapathSync;
import io.podwire.linux.ChildProcess;
import io.podwire.linux.ProcessSpawner;
import io.podwire.linux.Signal;
import io.podwire.proto.StateFollower;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What faults do to this process. */
final class AgentActions implements NodeActions {

  /** Stops its parent, and has it go on after a time, whatever becomes of anybody else. */
  private static final String PAUSE = "kill -STOP $1; sleep $2; kill -CONT $1";

  private final StateFollower follower;
  private final DatapathSync datapath;

  AgentActions(StateFollower follower, DatapathSync datapath) {
    this.follower = follower;
    this.datapath = datapath;
  }

  @Override
  public long startedMillis() {
    return ProcessHandle.current()
        .info()
        .startInstant()
        .map(instant -> instant.toEpochMilli())
        .orElse(0L);
  }

  @Override
  public void kill() {
    ChildProcess.adopt(ProcessHandle.current().pid()).signal(Signal.KILL);
  }

  @Override
  public void pause(Duration time) {
    String seconds = String.format(Locale.ROOT, "%.3f", time.toMillis() / 1000.0);
    new ProcessSpawner(
            List.of(
                "/bin/sh",
                "-c",
                PAUSE,
                "podwire-fault",
                Long.toString(ProcessHandle.current().pid()),
                seconds))
        .newSession(true)
        .start();
  }

  @Override
  public void cutOff(Duration time) {
    follower.cutOff(time);
  }

  @Override
  public void delayEndpoints(@Nullable Duration time) {
    datapath.delayEndpoints(time);
  }
}
