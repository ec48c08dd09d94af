/** Which packets a capture shows: a subset of pcap-filter(7), and the header fields it looks at. */
@NullMarked
package io.podwire.packet.filter;

import org.jspecify.annotations.NullMarked;
