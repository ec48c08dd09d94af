/** Several nodes' datapaths joined in memory, with Pods on them and time by hand. */
@NullMarked
package io.podwire.netstack.network;

import org.jspecify.annotations.NullMarked;
