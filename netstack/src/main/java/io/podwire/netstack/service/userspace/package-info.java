/** Connections made anew, as kube-proxy's userspace mode made them. */
@NullMarked
package io.podwire.netstack.service.userspace;

import org.jspecify.annotations.NullMarked;
