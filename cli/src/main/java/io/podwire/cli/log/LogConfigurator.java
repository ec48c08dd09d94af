package io.podwire.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;

/**
 * One configuration for every program of the distribution, which share a class path: lines on
 * standard error. In Java, since a program that reads XML first starts later and is larger.
 *
 * <p>Logback finds it as a service. {@code PODWIRE_LOG_LEVEL} sets the level of what is Podwire's
 * own; a file that {@code logback.configurationFile} names takes the place of all this.
 */
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final Map<String, Level> LEVELS =
      Map.of(
          // An outage of ZooKeeper is one line of ours; theirs come with stack traces.
          "org.apache.zookeeper", Level.OFF,
          "org.apache.curator", Level.OFF,
          "io.netty", Level.WARN,
          "io.grpc", Level.WARN);

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    LineLayout layout = new LineLayout();
    layout.setContext(context);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    LEVELS.forEach((name, level) -> context.getLogger(name).setLevel(level));
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(
        Level.toLevel(
            Optional.ofNullable(System.getenv("PODWIRE_LOG_LEVEL")).orElse("INFO"), Level.INFO));
    root.addAppender(appender);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
