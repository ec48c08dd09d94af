/** The IP virtual server of Linux: hash tables and schedulers. */
@NullMarked
package io.podwire.netstack.service.ipvs;

import org.jspecify.annotations.NullMarked;
