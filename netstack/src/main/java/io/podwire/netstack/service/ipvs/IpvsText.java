package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.RuleNames;
import io.podwire.netstack.service.ServiceEndpoint;
import io.podwire.netstack.service.ServicePort;
import io.podwire.packet.IpProtocol;
import java.util.List;

/** A virtual server as {@code ipvsadm -Sn} prints it and {@code ipvsadm -R} takes it. */
final class IpvsText {

  private IpvsText() {}

  static void print(ServicePort port, String scheduler, StringBuilder out) {
    String address =
        (port.key().protocol() == IpProtocol.UDP ? "-u " : "-t ")
            + RuleNames.socket(port.key().address(), port.key().port());
    out.append("-A ").append(address).append(" -s ").append(scheduler);
    int affinity = port.service().affinitySeconds();
    if (affinity > 0) {
      out.append(" -p ").append(affinity);
    }
    out.append('\n');
    List<ServiceEndpoint> servers = port.service().localOnly() ? port.local() : port.endpoints();
    for (ServiceEndpoint server : servers) {
      out.append("-a ").append(address).append(" -r ");
      out.append(RuleNames.socket(server.backend().address(), server.backend().port()));
      out.append(" -m -w ").append(server.weight()).append('\n');
    }
  }
}
