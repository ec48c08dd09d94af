package io.podwire.testkit.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;

/** The compiled main classes of all modules, imported once from the class path. */
final class ProjectClasses {

  /** What protoc generates: it follows its own rules. */
  static final String GENERATED = "io.podwire.proto.v1..";

  /** What JMH generates for each micro-benchmark. */
  private static final String GENERATED_BENCHMARKS = "..jmh_generated..";

  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(Module.ROOT_PACKAGE);

  private ProjectClasses() {}

  static JavaClasses all() {
    return ALL;
  }

  /** The classes that somebody wrote. */
  static JavaClasses written() {
    return ALL.that(DescribedPredicate.not(resideInAnyPackage(GENERATED, GENERATED_BENCHMARKS)));
  }

  static JavaClasses of(Module... modules) {
    return ALL.that(
        resideInAnyPackage(Arrays.stream(modules).map(Module::packages).toArray(String[]::new)));
  }

  /** The classes behind an interface of this name. */
  static JavaClasses implementing(String interfaceName) {
    return ALL.that(
        assignableTo(interfaceName).and(DescribedPredicate.not(isNamed(interfaceName))));
  }

  private static DescribedPredicate<JavaClass> isNamed(String name) {
    return DescribedPredicate.describe("named " + name, type -> type.getName().equals(name));
  }
}
