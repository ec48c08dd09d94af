package io.podwire.client.manifest;

/**
 * One document of a manifest file.
 *
 * @param source the file's name as the user gave it
 * @param line the document's first line in it, from 1
 * @param text YAML, or JSON as a part of YAML
 */
record ManifestDocument(String source, int line, String text) {}
