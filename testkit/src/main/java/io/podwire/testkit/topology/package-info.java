/** What a cluster for a test is to be: nodes, networks, Pods, Services; values without I/O. */
@NullMarked
package io.podwire.testkit.topology;

import org.jspecify.annotations.NullMarked;
