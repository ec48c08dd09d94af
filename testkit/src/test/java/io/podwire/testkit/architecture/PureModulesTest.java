package io.podwire.testkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The pure modules take time, seeds and buffers as arguments: no sockets, no files, no threads, no
 * clocks, no unseeded randomness, no logging.
 */
class PureModulesTest {

  private static final Pattern IO =
      Pattern.compile(
          "java\\.net\\..*"
              + "|java\\.nio\\.file\\..*"
              + "|java\\.io\\.(File|RandomAccess|Console).*"
              + "|java\\.nio\\.channels\\..*(Socket|File|Datagram|Server|Select|Pipe|Network).*"
              + "|java\\.lang\\.(Process|ProcessBuilder|Runtime)"
              + "|java\\.lang\\.foreign\\..*");

  private static final Pattern THREADS =
      Pattern.compile(
          "java\\.lang\\.Thread(Group|\\$.*)?"
              + "|java\\.util\\.Timer(Task)?"
              + "|java\\.util\\.concurrent\\.(Executors|ThreadPoolExecutor|ForkJoin.*"
              + "|ScheduledThreadPoolExecutor|CompletableFuture|StructuredTaskScope.*"
              + "|CountDownLatch|CyclicBarrier|Semaphore|Phaser)");

  private static final Pattern LOGGING =
      Pattern.compile(
          "java\\.util\\.logging\\..*|java\\.lang\\.System\\$Logger.*|org\\.slf4j\\..*"
              + "|ch\\.qos\\.logback\\..*|org\\.apache\\.logging\\..*");

  private static final Pattern SECURE_RANDOM = Pattern.compile("java\\.security\\.SecureRandom.*");

  private static final Set<String> CLOCKS =
      Set.of(
          "java.lang.System.nanoTime",
          "java.lang.System.currentTimeMillis",
          "java.time.Clock.systemUTC",
          "java.time.Clock.systemDefaultZone",
          "java.time.Clock.system",
          "java.time.InstantSource.system");

  private static final Set<String> GLOBAL_RANDOMNESS =
      Set.of(
          "java.lang.Math.random",
          "java.util.UUID.randomUUID",
          "java.util.random.RandomGenerator.getDefault",
          "java.util.random.RandomGenerator.of",
          "java.util.concurrent.ThreadLocalRandom.current");

  private static final Set<String> SEEDABLE =
      Set.of("java.util.Random", "java.util.SplittableRandom");

  @ParameterizedTest
  @EnumSource(names = {"PACKET", "NETSTACK", "CLUSTER"})
  void shouldDoNoInputOrOutput(Module module) {
    shouldNotDependOn(module, "do input or output", IO);
  }

  @ParameterizedTest
  @EnumSource(names = {"PACKET", "NETSTACK", "CLUSTER"})
  void shouldStartNoThreads(Module module) {
    shouldNotDependOn(module, "run threads", THREADS);
  }

  @ParameterizedTest
  @EnumSource(names = {"PACKET", "NETSTACK", "CLUSTER"})
  void shouldAskNoClock(Module module) {
    shouldNotAccess(module, "it is a clock", PureModulesTest::isClock);
  }

  @ParameterizedTest
  @EnumSource(names = {"PACKET", "NETSTACK", "CLUSTER"})
  void shouldUseNoUnseededRandomness(Module module) {
    shouldNotAccess(module, "it is unseeded randomness", PureModulesTest::isUnseeded);
    shouldNotDependOn(module, "are unseeded randomness", SECURE_RANDOM);
  }

  @ParameterizedTest
  @EnumSource(names = {"PACKET", "NETSTACK", "CLUSTER"})
  void shouldLogNothing(Module module) {
    shouldNotDependOn(module, "log", LOGGING);
    shouldNotAccess(module, "it is standard output", PureModulesTest::isStandardOutput);
  }

  private static void shouldNotDependOn(Module module, String what, Pattern names) {
    noClasses()
        .should()
        .dependOnClassesThat(
            DescribedPredicate.<JavaClass>describe(
                what, type -> names.matcher(type.getName()).matches()))
        .because("pure modules take time, seeds and buffers as arguments")
        .check(ProjectClasses.of(module));
  }

  private static void shouldNotAccess(Module module, String what, Predicate<AccessTarget> target) {
    noClasses()
        .should()
        .accessTargetWhere(
            DescribedPredicate.<JavaAccess<?>>describe(
                what, access -> target.test(access.getTarget())))
        .because("pure modules take time, seeds and buffers as arguments")
        .check(ProjectClasses.of(module));
  }

  private static boolean isClock(AccessTarget target) {
    boolean isNow =
        target.getName().equals("now")
            && target.getOwner().getPackageName().startsWith("java.time")
            && !parameters(target).equals(List.of("java.time.Clock"));
    return isNow || CLOCKS.contains(name(target));
  }

  private static boolean isUnseeded(AccessTarget target) {
    String owner = target.getOwner().getName();
    boolean isUnseededConstructor =
        SEEDABLE.contains(owner)
            && target.getName().equals("<init>")
            && parameters(target).isEmpty();
    boolean isUnseededShuffle =
        name(target).equals("java.util.Collections.shuffle") && parameters(target).size() == 1;
    return isUnseededConstructor || isUnseededShuffle || GLOBAL_RANDOMNESS.contains(name(target));
  }

  private static boolean isStandardOutput(AccessTarget target) {
    String name = name(target);
    return name.equals("java.lang.System.out")
        || name.equals("java.lang.System.err")
        || target.getName().equals("printStackTrace");
  }

  private static String name(AccessTarget target) {
    return target.getOwner().getName() + "." + target.getName();
  }

  private static List<String> parameters(AccessTarget target) {
    return target instanceof AccessTarget.CodeUnitAccessTarget codeUnit
        ? codeUnit.getRawParameterTypes().stream().map(JavaClass::getName).toList()
        : List.of();
  }
}
