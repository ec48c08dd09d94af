package io.podwire.netstack.service.ipvs;

import io.podwire.netstack.service.IpvsScheduler;

/** The class of each scheduler. */
final class Schedulers {

  private Schedulers() {}

  static Scheduler of(IpvsScheduler name) {
    return switch (name) {
      case RR -> new RoundRobin();
      case WRR -> new WeightedRoundRobin();
      case LC -> new LeastConnection();
      case WLC -> new WeightedLeastConnection();
      case LBLC -> new Locality();
      case LBLCR -> new ReplicatedLocality();
      case DH -> new DestinationHash();
      case SH -> new SourceHash();
      case SED -> new ShortestExpectedDelay();
      case NQ -> new NeverQueue();
      case MH -> new MaglevHash();
      case OVF -> new Overflow();
    };
  }
}
