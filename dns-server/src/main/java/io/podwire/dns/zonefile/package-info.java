/** Zones in master files: the plugin file. */
@NullMarked
package io.podwire.dns.zonefile;

import org.jspecify.annotations.NullMarked;
