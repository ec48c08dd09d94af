package io.podwire.netstack.service;

import io.podwire.netstack.filter.FlowKey;
import io.podwire.netstack.filter.Redirection;
import io.podwire.packet.IpProtocol;
import io.podwire.packet.addr.IpAddress;

/**
 * A backend of a Service port at one of its addresses, and the connections that it has: what IPVS
 * calls a real server.
 *
 * <p>Connections hold on to it. Those of UDP are given up once it is gone, those of TCP stay, as
 * with kube-proxy. Not thread-safe; confined to the node's event loop.
 */
public final class ServiceEndpoint implements Redirection {

  private Backend backend;
  private boolean gone;
  private int active;
  private int inactive;

  /** An endpoint without connections. */
  public ServiceEndpoint(Backend backend) {
    this.backend = backend;
  }

  public Backend backend() {
    return backend;
  }

  void reweigh(Backend same) {
    backend = same;
  }

  public int weight() {
    return backend.weight();
  }

  /** Whether it is at this address and port. */
  public boolean isAt(IpAddress address, int port) {
    return backend.port() == port && backend.address().equals(address);
  }

  /** Established TCP connections: IPVS's ActiveConn. */
  public int active() {
    return active;
  }

  /** All the others that it has: IPVS's InActConn. */
  public int inactive() {
    return inactive;
  }

  void withdraw() {
    gone = true;
  }

  /** Whether new connections may no longer go to it. */
  public boolean isGone() {
    return gone;
  }

  @Override
  public int revision() {
    return gone ? 1 : 0;
  }

  @Override
  public boolean leadsTo(FlowKey answer) {
    return !gone || answer.protocol() == IpProtocol.TCP;
  }

  @Override
  public void began() {
    inactive++;
  }

  @Override
  public void changed(boolean established) {
    active += established ? 1 : -1;
    inactive -= established ? 1 : -1;
  }

  @Override
  public void ended(boolean established) {
    if (established) {
      active--;
    } else {
      inactive--;
    }
  }

  @Override
  public String toString() {
    return backend.toString();
  }
}
