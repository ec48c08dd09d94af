package io.podwire.cluster.model;

/** An object that agents and DNS servers are told about. */
public sealed interface ModelObject
    permits Namespace, Node, Pod, Service, EndpointSlice, NetworkFault {

  ObjectName key();

  ModelKind kind();
}
