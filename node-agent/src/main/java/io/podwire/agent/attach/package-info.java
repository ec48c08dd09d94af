/**
 * The socket where programs of this machine make their network namespaces Pods of the node
 * (docs/attach.md).
 */
@NullMarked
package io.podwire.agent.attach;

import org.jspecify.annotations.NullMarked;
