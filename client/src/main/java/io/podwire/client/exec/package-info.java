/** Programs run in Pods through the WebSocket subprotocol v5.channel.k8s.io. */
@NullMarked
package io.podwire.client.exec;

import org.jspecify.annotations.NullMarked;
