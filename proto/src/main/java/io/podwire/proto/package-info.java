@NullMarked
package io.podwire.proto;

import org.jspecify.annotations.NullMarked;
