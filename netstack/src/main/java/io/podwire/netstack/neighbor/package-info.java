/** Address resolution: the cache, and the gateway's answers to ARP and ND. */
@NullMarked
package io.podwire.netstack.neighbor;

import org.jspecify.annotations.NullMarked;
