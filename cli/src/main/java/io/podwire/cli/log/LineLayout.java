package io.podwire.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * A line of a log: {@code 12:34:56.789 WARN [thread] Logger: message}, and the stack trace below.
 *
 * <p>Stateless.
 */
final class LineLayout extends LayoutBase<ILoggingEvent> {
  private static final long NANOS_PER_MILLI = 1_000_000;

  @Override
  public String doLayout(ILoggingEvent event) {
    LocalTime time =
        LocalTime.ofInstant(Instant.ofEpochMilli(event.getTimeStamp()), ZoneId.systemDefault());
    String logger = event.getLoggerName();
    StringBuilder line = new StringBuilder();
    append(line, time.getHour(), 2).append(':');
    append(line, time.getMinute(), 2).append(':');
    append(line, time.getSecond(), 2).append('.');
    append(line, (int) (time.getNano() / NANOS_PER_MILLI), 3).append(' ');
    line.append(event.getLevel());
    line.repeat(' ', Math.max(1, 6 - event.getLevel().levelStr.length()));
    line.append('[').append(event.getThreadName()).append("] ");
    line.append(logger, logger.lastIndexOf('.') + 1, logger.length());
    line.append(": ").append(event.getFormattedMessage()).append('\n');
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      line.append(ThrowableProxyUtil.asString(failure));
    }
    return line.toString();
  }

  private static StringBuilder append(StringBuilder line, int number, int digits) {
    String text = Integer.toString(number);
    return line.repeat('0', digits - text.length()).append(text);
  }
}
