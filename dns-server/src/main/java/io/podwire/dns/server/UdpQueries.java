package io.podwire.dns.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;
import io.podwire.dns.handler.DnsCounters;

/** Queries and responses of one UDP socket. */
final class UdpQueries extends SimpleChannelInboundHandler<DatagramPacket> {
  private final Responder responder;
  private final DnsCounters counters;

  UdpQueries(Responder responder, DnsCounters counters) {
    this.responder = responder;
    this.counters = counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, DatagramPacket packet) {
    if (packet.sender().getPort() == 0) {
      counters.increment("dropped.no_return_port");
      return;
    }
    // Handlers answer within the call or have read all they need of the octets before it ends.
    responder
        .respond(packet.content().nioBuffer(), packet.sender(), Responder.Transport.UDP)
        .thenAccept(response ->
            response.ifPresent(octets ->
                context.writeAndFlush(
                    new DatagramPacket(Unpooled.wrappedBuffer(octets), packet.sender()))));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // Such as an ICMP error that came back for a response: the socket goes on.
    counters.increment("udp.errors");
  }
}
