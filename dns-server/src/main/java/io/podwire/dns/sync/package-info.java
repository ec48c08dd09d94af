/** The stream of the cluster's state from a control plane, and the reports to it. */
@NullMarked
package io.podwire.dns.sync;

import org.jspecify.annotations.NullMarked;
