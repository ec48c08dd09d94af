/** Packet captures as pcapng files; where they are written to is the caller's. */
@NullMarked
package io.podwire.packet.pcap;

import org.jspecify.annotations.NullMarked;
