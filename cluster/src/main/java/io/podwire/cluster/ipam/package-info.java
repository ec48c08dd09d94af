/**
 * Pure choice of Pod CIDRs, ClusterIPs and NodePorts; uniqueness is the store's: what is chosen
 * here is claimed there, and a claim that is taken meanwhile means choosing again.
 */
@NullMarked
package io.podwire.cluster.ipam;

import org.jspecify.annotations.NullMarked;
