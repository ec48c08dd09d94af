/**
 * Manifest files, folders and standard input read into one stream, with file and line in errors.
 */
@NullMarked
package io.podwire.client.manifest;

import org.jspecify.annotations.NullMarked;
