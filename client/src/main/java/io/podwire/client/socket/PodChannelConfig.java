package io.podwire.client.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import org.jspecify.annotations.Nullable;

/**
 * Options of a Pod's channel: those of every channel, SO_LINGER of 0, and TCP_NODELAY, which is on
 * whatever is asked for.
 */
final class PodChannelConfig extends DefaultChannelConfig {
  private volatile int linger = -1;

  PodChannelConfig(Channel channel) {
    super(channel);
  }

  /** Whether closing sends RST. */
  boolean abortsOnClose() {
    return linger == 0;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> @Nullable T getOption(ChannelOption<T> option) {
    if (option == ChannelOption.SO_LINGER) {
      return (T) Integer.valueOf(linger);
    }
    if (option == ChannelOption.TCP_NODELAY) {
      return (T) Boolean.TRUE;
    }
    return super.getOption(option);
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    if (option == ChannelOption.SO_LINGER) {
      linger = (Integer) value;
      return true;
    }
    return option == ChannelOption.TCP_NODELAY || super.setOption(option, value);
  }
}
