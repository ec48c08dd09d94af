/** Networks of Pods to compare: the same two nodes and three Pods, forwarded by different peers. */
@NullMarked
package io.podwire.bench.network;

import org.jspecify.annotations.NullMarked;
