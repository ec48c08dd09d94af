/** Kubernetes objects as kubectl prints them: columns, short names, ages. */
@NullMarked
package io.podwire.cli.print;

import org.jspecify.annotations.NullMarked;
