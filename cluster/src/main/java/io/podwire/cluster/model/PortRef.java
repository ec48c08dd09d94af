package io.podwire.cluster.model;

/** A port by number or by container port name (Kubernetes' IntOrString). */
public sealed interface PortRef {

  record Number(int port) implements PortRef {
    @Override
    public String toString() {
      return Integer.toString(port);
    }
  }

  record Named(String name) implements PortRef {
    @Override
    public String toString() {
      return name;
    }
  }
}
