package io.podwire.linux;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips a test class where it may not make namespaces and TAPs, and says what is missing. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(RequiresRoot.Condition.class)
public @interface RequiresRoot {

  /** Tries what the tests need. */
  final class Condition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      try (NetworkNamespace namespace = NetworkNamespace.create()) {
        return Files.isWritable(Path.of("/dev/net/tun"))
            ? ConditionEvaluationResult.enabled("may make " + namespace)
            : ConditionEvaluationResult.disabled("/dev/net/tun is missing or not writable");
      } catch (LinuxException e) {
        return ConditionEvaluationResult.disabled("needs root: " + e.getMessage());
      }
    }
  }
}
