package io.podwire.controlplane.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.KindTable;
import java.util.ArrayList;

/** Pods created and deleted without HTTP, checked as always. Thread-safe. */
public final class DirectPods {

  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;

  private final ObjectWriter writer;
  private final Deletion deletion;

  private DirectPods(ApiParts parts) {
    this.writer = parts.writer();
    this.deletion = parts.deletion();
  }

  /** On what the API works. */
  public static DirectPods of(ApiEnvironment environment) {
    return new DirectPods(new ApiParts(environment));
  }

  /**
   * Creates a Pod.
   *
   * @return its uid
   * @throws RequestRefusedException where it is not valid, or the name is taken
   */
  public String create(ObjectNode manifest) {
    String namespace = manifest.path("metadata").path("namespace").asText();
    try {
      ObjectNode created =
          writer.create(
              KindTable.POD,
              namespace,
              manifest,
              new ObjectWriter.Options(FieldValidation.STRICT, false, new ArrayList<>()));
      return created.path("metadata").path("uid").asText();
    } catch (ApiException e) {
      throw RequestRefusedException.of(e);
    }
  }

  /**
   * Has the Pod of that uid terminate; one that is gone is no error.
   *
   * @throws RequestRefusedException where that cannot be
   * @throws StoreException where the registry cannot be reached
   */
  public void delete(String namespace, String name, String uid) {
    try {
      deletion.delete(
          KindTable.POD,
          KindTable.POD.key(namespace, name),
          new Deletion.Options(null, "", uid, false));
    } catch (ApiException e) {
      // A conflict is about the uid: another Pod has the name by now.
      if (e.code() != NOT_FOUND && e.code() != CONFLICT) {
        throw RequestRefusedException.of(e);
      }
    }
  }
}
