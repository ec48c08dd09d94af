/**
 * The Kubernetes-style HTTP API on Netty: discovery, objects, watches, all-or-nothing apply, logs
 * and exec. Handlers run on virtual threads; event loops only move bytes.
 */
@NullMarked
package io.podwire.controlplane.api;

import org.jspecify.annotations.NullMarked;
