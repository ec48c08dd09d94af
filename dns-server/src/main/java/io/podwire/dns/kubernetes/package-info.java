/** The names of the cluster, answered from an immutable index of Services and endpoints. */
@NullMarked
package io.podwire.dns.kubernetes;

import org.jspecify.annotations.NullMarked;
