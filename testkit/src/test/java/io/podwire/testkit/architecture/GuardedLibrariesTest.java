package io.podwire.testkit.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import org.junit.jupiter.api.Test;

/** What only its own corner may know. */
class GuardedLibrariesTest {

  @Test
  void shouldKeepCuratorAndZooKeeperInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.podwire.controlplane.zookeeper..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper..")
        .because("every other class knows the Store port alone")
        .check(ProjectClasses.all());
  }

  @Test
  void shouldKeepGeneratedMessagesInProtoApiAndSync() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            Module.PROTO.packages(), "io.podwire.*.api..", "io.podwire.*.sync..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ProjectClasses.GENERATED)
        .because("there is one translator between the wire and the model")
        .check(ProjectClasses.all());
  }

  @Test
  void shouldSeeTheGeneratedMessages() {
    JavaClasses all = ProjectClasses.all();

    assertThat(all.size() - ProjectClasses.written().size()).isGreaterThan(50);
  }
}
