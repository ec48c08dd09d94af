package io.podwire.testkit.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every arrow points down, none between siblings. */
class LayersTest {

  @ParameterizedTest
  @EnumSource
  void shouldUseOnlyModulesBelow(Module module) {
    String[] reach = module.reach().stream().map(Module::packages).toArray(String[]::new);

    classes()
        .that()
        .resideInAPackage(module.packages())
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(Module.ROOT_PACKAGE + "..").or(resideInAnyPackage(reach)))
        .because("every arrow points down, none between siblings (docs/architecture.md)")
        .check(ProjectClasses.all());
  }

  @ParameterizedTest
  @EnumSource(names = {"PACKET", "NETSTACK", "DIST"})
  void shouldNeedNothingButTheJdk(Module module) {
    classes()
        .that()
        .resideInAPackage(module.packages())
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "org.jspecify.annotations..",
            // The delays that a fault has caused, told as quantiles.
            "org.HdrHistogram..",
            Module.PACKET.packages(),
            module.packages())
        .check(ProjectClasses.all());
  }

  @Test
  void shouldKeepTestkitAndCliOutOfEverythingElse() {
    noClasses()
        .that(residesOutside(Module.TESTKIT))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(Module.TESTKIT.packages())
        .check(ProjectClasses.all());
    noClasses()
        .that(residesOutside(Module.CLI))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(Module.CLI.packages())
        .check(ProjectClasses.all());
  }

  private static DescribedPredicate<JavaClass> residesOutside(Module module) {
    return resideOutsideOfPackage(module.packages());
  }
}
