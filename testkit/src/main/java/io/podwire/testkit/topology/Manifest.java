package io.podwire.testkit.topology;

/**
 * Kubernetes objects as text.
 *
 * @param source where they come from, for messages
 * @param text YAML documents
 */
public record Manifest(String source, String text) {}
