package io.podwire.dns.server;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;

/**
 * The kinds of Netty channels that go with one kind of event loop.
 *
 * @param batches whether the loop can watch a socket that takes in queries a batch at a time
 */
public record IoTransport(
    IoHandlerFactory handlers,
    Class<? extends DatagramChannel> datagram,
    Class<? extends ServerSocketChannel> server,
    Class<? extends SocketChannel> socket,
    boolean batches) {

  /** Epoll where its native library loads, else the JDK's selectors. */
  public static IoTransport best() {
    return Epoll.isAvailable()
        ? new IoTransport(
            EpollIoHandler.newFactory(),
            EpollDatagramChannel.class,
            EpollServerSocketChannel.class,
            EpollSocketChannel.class,
            true)
        : jdk();
  }

  /** The JDK's selectors. */
  public static IoTransport jdk() {
    return new IoTransport(
        NioIoHandler.newFactory(),
        NioDatagramChannel.class,
        NioServerSocketChannel.class,
        NioSocketChannel.class,
        false);
  }

  public MultiThreadIoEventLoopGroup newGroup(int threads) {
    return new MultiThreadIoEventLoopGroup(threads, handlers);
  }
}
