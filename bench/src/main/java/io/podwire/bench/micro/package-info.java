/** Micro-benchmarks of single operations by JMH. */
@NullMarked
package io.podwire.bench.micro;

import org.jspecify.annotations.NullMarked;
