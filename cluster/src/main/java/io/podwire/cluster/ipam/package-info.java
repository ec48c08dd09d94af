/** Pure choice of Pod CIDRs, ClusterIPs and NodePorts; uniqueness is the store's. */
@NullMarked
package io.podwire.cluster.ipam;

import org.jspecify.annotations.NullMarked;
