package io.podwire.dns.forward;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.podwire.dns.handler.DnsCounters;
import io.podwire.packet.dns.Decoded;
import io.podwire.packet.dns.DnsCodec;
import io.podwire.packet.dns.DnsMessage;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/**
 * Waits for the one message that answers a question: its id, its question, a response.
 *
 * <p>Anything else may be forged and is counted and ignored, so that it cannot end the wait.
 */
final class AnswerReader extends SimpleChannelInboundHandler<ByteBuf> {
  private final DnsMessage question;
  private final CompletableFuture<DnsMessage> answer;
  private final DnsCounters counters;

  AnswerReader(DnsMessage question, CompletableFuture<DnsMessage> answer, DnsCounters counters) {
    this.question = question;
    this.answer = answer;
    this.counters = counters;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, ByteBuf octets) {
    switch (DnsCodec.decode(octets.nioBuffer())) {
      case Decoded.Malformed malformed -> counters.increment("forward.malformed_answers");
      case Decoded.Valid valid -> {
        if (answers(valid.message())) {
          answer.complete(valid.message());
        } else {
          counters.increment("forward.mismatched_answers");
        }
      }
    }
  }

  private boolean answers(DnsMessage message) {
    return message.header().isResponse()
        && message.header().id() == question.header().id()
        && message.header().opcode() == question.header().opcode()
        && message.questions().equals(question.questions());
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    answer.completeExceptionally(new IOException("the upstream closed the connection"));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    answer.completeExceptionally(cause);
  }
}
