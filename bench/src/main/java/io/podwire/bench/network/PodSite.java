package io.podwire.bench.network;

import io.podwire.linux.NetworkNamespace;
import io.podwire.packet.addr.IpAddress;

/** A Pod: the namespace that programs run in, and the address that others reach it by. */
public record PodSite(NetworkNamespace namespace, IpAddress address) {}
