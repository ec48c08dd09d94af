/** The cluster's state as the control plane streams it, applied to the datapath and to the Pods. */
@NullMarked
package io.podwire.agent.sync;

import org.jspecify.annotations.NullMarked;
