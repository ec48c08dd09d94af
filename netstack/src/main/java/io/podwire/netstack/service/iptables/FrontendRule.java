package io.podwire.netstack.service.iptables;

import io.podwire.netstack.service.ServicePort;

/** A rule of KUBE-SERVICES or KUBE-NODEPORTS: it knows whose address it matches. */
final class FrontendRule extends Rule {

  private final ServicePort port;

  FrontendRule(ServicePort port, Target target, Match... matches) {
    super(target, matches);
    this.port = port;
  }

  ServicePort port() {
    return port;
  }
}
