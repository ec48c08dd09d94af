package io.podwire.netstack.route;

import io.podwire.netstack.vxlan.Vtep;

/** Where a destination is reached. */
public sealed interface Route {

  /** An address of the node itself. */
  record Local() implements Route {}

  /** A Pod on this node's bridge. */
  record Bridged() implements Route {}

  /** The Pods of another node, through its tunnel endpoint. */
  record Overlay(Vtep peer) implements Route {}

  /** The node's own network and what lies behind it. */
  record External() implements Route {}

  /** Addresses that must not be routed: no node has them. */
  record Unreachable() implements Route {}

  /** A Service address that no translation has taken away. */
  record ServiceNetwork() implements Route {}
}
