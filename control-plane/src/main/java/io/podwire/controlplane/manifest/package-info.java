/**
 * Changes of stored manifests by the control plane itself, which leave every field alone that they
 * are not about.
 */
@NullMarked
package io.podwire.controlplane.manifest;

import org.jspecify.annotations.NullMarked;
