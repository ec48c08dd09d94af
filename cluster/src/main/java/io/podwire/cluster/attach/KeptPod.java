package io.podwire.cluster.attach;

import io.podwire.cluster.model.ObjectName;
import io.podwire.packet.addr.IpAddress;

/** A Pod that the agent keeps. */
public record KeptPod(KeptInterface kept, ObjectName pod, IpAddress address) {}
