package io.podwire.netstack.service;

import io.podwire.packet.addr.IpAddress;

/** An endpoint that a Service port leads to. */
public record Backend(IpAddress address, int port) {}
