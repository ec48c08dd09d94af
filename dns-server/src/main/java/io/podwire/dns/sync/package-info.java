/** The stream of the cluster's state from a control plane. */
@NullMarked
package io.podwire.dns.sync;

import org.jspecify.annotations.NullMarked;
