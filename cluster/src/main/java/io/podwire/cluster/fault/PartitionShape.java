package io.podwire.cluster.fault;

/** How a partition parts its members; the shapes are Jepsen's. */
public enum PartitionShape {
  /** One member, by lot, from all others. */
  ONE,
  /** Two groups, by lot, the larger one a majority. */
  MAJORITY,
  /** Each member sees a majority, and no two of them the same one. */
  MAJORITIES_RING,
  /** A third of the members, by lot, from the others. */
  MINORITY_THIRD,
  /** Every member from every other one. */
  ALL
}
