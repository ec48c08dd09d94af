@NullMarked
package io.podwire.cli;

import org.jspecify.annotations.NullMarked;
