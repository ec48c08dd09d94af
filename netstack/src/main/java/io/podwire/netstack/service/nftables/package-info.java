/** Verdict maps, as kube-proxy's nftables mode writes them. */
@NullMarked
package io.podwire.netstack.service.nftables;

import org.jspecify.annotations.NullMarked;
