package io.podwire.testkit.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Packages have no cycles, say what they hold, and are null-marked. */
class PackagesTest {

  private static final Pattern SAYS_NOTHING =
      Pattern.compile("(.*\\.)?(utils?|common|helpers?|managers?|impl)(\\..*)?");

  /** Endings of names that say nothing about what the class is. */
  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Manager|Helper|Utils?|Impl|Processor|Data|Info)");

  /** What a standard calls the thing itself: RFC 2308's NODATA. */
  private static final Set<String> TERMS = Set.of("NoData", "LimitData");

  private static final int AT_LEAST = 20;

  @Test
  void shouldHaveNoCycles() {
    slices().matching("io.podwire.(**)").should().beFreeOfCycles().check(ProjectClasses.written());
  }

  @Test
  void shouldSayWhatTheyHold() {
    Set<String> packages = packages();

    assertThat(packages).hasSizeGreaterThan(AT_LEAST);
    assertThat(packages.stream().filter(SAYS_NOTHING.asMatchPredicate()))
        .as("packages named after nothing that they hold")
        .isEmpty();
  }

  @Test
  void shouldHoldClassesThatSayWhatTheyAre() {
    Set<String> names =
        ProjectClasses.written().stream()
            .map(JavaClass::getSimpleName)
            .filter(name -> !TERMS.contains(name))
            .collect(toCollection(TreeSet::new));

    assertThat(names).hasSizeGreaterThan(AT_LEAST);
    assertThat(names.stream().filter(EMPTY_NAME.asMatchPredicate()))
        .as("names that do not say what the class is")
        .isEmpty();
  }

  @Test
  void shouldBeNullMarked() {
    Set<String> marked =
        ProjectClasses.written().stream()
            .filter(type -> type.getSimpleName().equals("package-info"))
            .filter(type -> type.isAnnotatedWith(NullMarked.class))
            .map(JavaClass::getPackageName)
            .collect(toCollection(TreeSet::new));

    assertThat(marked).hasSizeGreaterThan(AT_LEAST);
    assertThat(packages().stream().filter(name -> !marked.contains(name)))
        .as("packages without a @NullMarked package-info.java")
        .isEmpty();
  }

  private static Set<String> packages() {
    return ProjectClasses.written().stream()
        .map(JavaClass::getPackageName)
        .collect(toCollection(TreeSet::new));
  }
}
