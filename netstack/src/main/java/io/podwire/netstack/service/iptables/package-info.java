/** Rule chains evaluated one after the other, as kube-proxy's iptables mode writes them. */
@NullMarked
package io.podwire.netstack.service.iptables;

import org.jspecify.annotations.NullMarked;
