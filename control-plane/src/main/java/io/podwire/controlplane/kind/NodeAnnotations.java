package io.podwire.controlplane.kind;

/** The annotations that carry a Node's tunnel endpoint and agent, as the agent registered them. */
public final class NodeAnnotations {

  /** MAC address of the node's VTEP. */
  public static final String VTEP_MAC = "podwire.io/vtep-mac";

  /** UDP port of the node's VTEP; {@link #DEFAULT_VXLAN_PORT} where absent. */
  public static final String VXLAN_PORT = "podwire.io/vxlan-port";

  /** TCP port of the agent's gRPC server; absent on a node without an agent. */
  public static final String AGENT_PORT = "podwire.io/agent-port";

  /** Path of the agent's socket for attaching Pods, on the node's machine. */
  public static final String ATTACH_SOCKET = "podwire.io/attach-socket";

  /** How the node balances connections to Services, such as {@code ipvs/wrr}. */
  public static final String PROXY_MODE = "podwire.io/proxy-mode";

  /** IANA's VXLAN port (RFC 7348, section 8). */
  public static final int DEFAULT_VXLAN_PORT = 4789;

  private NodeAnnotations() {}
}
