package io.podwire.controlplane.api;

/** The parts of the API below HTTP, put together once. */
final class ApiParts {

  private final ApiEnvironment environment;
  private final ObjectRegistry registry;
  private final ObjectVersions versions;
  private final ObjectChecks checks;

  ApiParts(ApiEnvironment environment) {
    this.environment = environment;
    this.registry =
        new ObjectRegistry(
            environment.store(),
            new ServiceAllocation(
                environment.store(),
                environment.addresses(),
                environment.context().config().serviceCidrs()));
    this.versions = new ObjectVersions(environment);
    this.checks = new ObjectChecks(environment.store(), environment.context());
  }

  ObjectRegistry registry() {
    return registry;
  }

  ObjectWriter writer() {
    return new ObjectWriter(environment.store(), registry, versions, checks);
  }

  Deletion deletion() {
    return new Deletion(environment);
  }

  BulkApply bulkApply() {
    return new BulkApply(environment.store(), registry, versions, checks);
  }

  BulkDelete bulkDelete() {
    return new BulkDelete(environment.store(), deletion());
  }
}
