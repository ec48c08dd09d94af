/**
 * The port to the registry: versioned objects, unique claims, list and watch; with an in-memory
 * twin.
 */
@NullMarked
package io.podwire.cluster.store;

import org.jspecify.annotations.NullMarked;
