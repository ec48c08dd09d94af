package io.podwire.controlplane.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One object of a stream of manifests.
 *
 * @param number the document's place in the stream, from 1; items of a List share it
 */
public record ManifestDocument(int number, ObjectNode manifest) {}
