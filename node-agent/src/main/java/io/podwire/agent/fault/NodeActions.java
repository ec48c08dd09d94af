package io.podwire.agent.fault;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What faults do to the agent itself; called on the node's event loop, and does not block. */
public interface NodeActions {

  /** When the agent was started, milliseconds since the epoch. */
  long startedMillis();

  /** Ends the agent as SIGKILL does. */
  void kill();

  /** Stops the agent (SIGSTOP) for a while; something else has it go on. */
  void pause(Duration time);

  /** Hears no control plane for a while; zero hears it again. */
  void cutOff(Duration time);

  /**
   * Has changes of endpoints wait so long, or, where it is null, until this is called with zero.
   */
  void delayEndpoints(@Nullable Duration time);
}
