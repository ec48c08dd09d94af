package io.podwire.agent.api;

import io.podwire.netstack.service.mode.RuleExport;

/**
 * The Services as the node's datapath has them. Thread-safe; blocks for a turn of the event loop.
 */
@FunctionalInterface
public interface RuleSource {

  RuleExport rules();
}
