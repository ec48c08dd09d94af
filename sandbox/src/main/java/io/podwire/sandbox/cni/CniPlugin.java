package io.podwire.sandbox.cni;

import io.podwire.cluster.attach.AttachReply;
import io.podwire.cluster.attach.AttachRequest;
import io.podwire.cluster.attach.KeptInterface;
import io.podwire.cluster.attach.KeptPod;
import io.podwire.cluster.attach.PodDescription;
import io.podwire.cluster.attach.PodNetwork;
import io.podwire.linux.LinuxException;
import io.podwire.linux.NetworkNamespace;
import io.podwire.linux.Tap;
import io.podwire.sandbox.AgentConnection;
import io.podwire.sandbox.AgentConnection.NoAgent;
import io.podwire.sandbox.PodInterface;
import io.podwire.sandbox.PodInterface.Unusable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Does what a call asks for (CNI specification, section 2, "CNI operations").
 *
 * <p>Confined to one thread; methods block.
 */
final class CniPlugin {

  private final CniCall call;
  private final NetworkConfig config;

  CniPlugin(CniCall call, NetworkConfig config) {
    this.call = call;
    this.config = config;
  }

  /** What is to be written to standard output. */
  String run() {
    try {
      return switch (call.command()) {
        case "ADD" -> add();
        case "DEL" -> delete();
        case "CHECK" -> check();
        case "STATUS" -> status();
        case "GC" -> collect();
        default ->
            throw new CniException(
                CniException.INVALID_ENVIRONMENT,
                "CNI_COMMAND " + call.command() + " is unknown",
                "use ADD, DEL, CHECK, STATUS, GC or VERSION");
      };
    } catch (NoAgent e) {
      boolean asked = call.command().equals("STATUS");
      throw new CniException(
          asked ? CniException.NOT_AVAILABLE : CniException.TRY_AGAIN_LATER,
          "the node's agent cannot be reached",
          String.valueOf(e.getMessage()));
    } catch (LinuxException e) {
      throw new CniException(
          CniException.IO_FAILURE, "the kernel refuses", String.valueOf(e.getMessage()));
    }
  }

  private String add() {
    try (NetworkNamespace namespace = namespace();
        AgentConnection agent = AgentConnection.open(config.socket())) {
      Tap tap = made(namespace);
      boolean done = false;
      try {
        tap.setPersistent(true);
        PodDescription pod =
            new PodDescription(PodNames.of(call, config), config.labels(), List.of(), null, null);
        KeptInterface kept =
            new KeptInterface(PodNames.id(call, config), call.netns(), call.interfaceName());
        AttachReply reply = agent.ask(new AttachRequest.Attach(pod, "", kept), tap);
        if (!(reply instanceof AttachReply.Attached attached)) {
          throw refusal(reply);
        }
        PodNetwork network = attached.network();
        try {
          namespace.run(() -> PodInterface.configure(call.interfaceName(), network));
        } catch (Unusable e) {
          agent.ask(new AttachRequest.Detach(kept.id()), null);
          throw new CniException(
              CniException.IO_FAILURE, "the interface cannot be set up", "" + e.getMessage());
        }
        done = true;
        return CniResult.added(call, config, network);
      } finally {
        if (!done) {
          tap.setPersistent(false);
        }
        tap.close();
      }
    }
  }

  private Tap made(NetworkNamespace namespace) {
    try {
      return namespace.call(() -> PodInterface.make(call.interfaceName()));
    } catch (Unusable e) {
      throw e.isPresent()
          ? new CniException(
              CniException.INVALID_ENVIRONMENT,
              "CNI_IFNAME " + call.interfaceName() + " is there already",
              "DEL it first, or choose another name")
          : new CniException(
              CniException.IO_FAILURE, "the interface cannot be made", "" + e.getMessage());
    }
  }

  private NetworkNamespace namespace() {
    try {
      return NetworkNamespace.ofPath(Path.of(call.netns()));
    } catch (LinuxException e) {
      throw new CniException(
          CniException.UNKNOWN_CONTAINER, "CNI_NETNS is no network namespace", "" + e.getMessage());
    }
  }

  private static CniException refusal(AttachReply reply) {
    if (!(reply instanceof AttachReply.Refused refused)) {
      return new CniException(
          CniException.IO_FAILURE, "the agent gives another answer than expected", "" + reply);
    }
    int code =
        switch (refused.reason()) {
          case UNAVAILABLE, GONE -> CniException.TRY_AGAIN_LATER;
          case TAKEN -> CniException.INVALID_ENVIRONMENT;
          case INVALID -> CniException.INVALID_CONFIG;
        };
    return new CniException(code, "the Pod cannot be attached", refused.message());
  }

  /** A missing namespace, interface or Pod is what was wanted. */
  private String delete() {
    try (AgentConnection agent = AgentConnection.open(config.socket())) {
      AttachReply reply = agent.ask(new AttachRequest.Detach(PodNames.id(call, config)), null);
      if (!(reply instanceof AttachReply.Done)) {
        throw refusal(reply);
      }
    } catch (NoAgent e) {
      // Where the interface is gone, the next agent lets go of the Pod by itself.
    }
    if (!call.netns().isEmpty() && Files.exists(Path.of(call.netns()))) {
      try (NetworkNamespace namespace = NetworkNamespace.ofPath(Path.of(call.netns()))) {
        // One that an agent has forgotten.
        namespace.run(() -> PodInterface.remove(call.interfaceName()));
      } catch (LinuxException gone) {
        return "";
      }
    }
    return "";
  }

  private String check() {
    try (NetworkNamespace namespace = namespace();
        AgentConnection agent = AgentConnection.open(config.socket())) {
      String id = PodNames.id(call, config);
      Optional<KeptPod> kept =
          kept(agent).stream().filter(pod -> pod.kept().id().equals(id)).findFirst();
      if (kept.isEmpty()) {
        throw new CniException(
            CniException.UNKNOWN_CONTAINER, "the agent has no Pod of this container", id);
      }
      String address = kept.get().address().toString();
      if (!config.previousAddresses().isEmpty() && !config.previousAddresses().contains(address)) {
        throw new CniException(
            CniException.DIFFERS,
            "the Pod's address has changed",
            "it is " + address + ", not " + config.previousAddresses());
      }
      List<String> differences =
          namespace.call(
              () -> PodInterface.differences(call.interfaceName(), kept.get().address()));
      if (!differences.isEmpty()) {
        throw new CniException(
            CniException.DIFFERS,
            "the interface is not as it was set up",
            String.join("; ", differences));
      }
    }
    return "";
  }

  private String status() {
    try (AgentConnection agent = AgentConnection.open(config.socket())) {
      AttachReply reply = agent.ask(new AttachRequest.Ping(), null);
      if (reply instanceof AttachReply.Pong) {
        return "";
      }
      throw new CniException(CniException.NOT_AVAILABLE, "the agent is not ready", "" + reply);
    }
  }

  private String collect() {
    try (AgentConnection agent = AgentConnection.open(config.socket())) {
      String network = config.name() + "/";
      for (KeptPod pod : kept(agent)) {
        String id = pod.kept().id();
        boolean stale =
            id.startsWith(network) && !config.valid().contains(id.substring(network.length()));
        if (stale) {
          AttachReply reply = agent.ask(new AttachRequest.Detach(id), null);
          if (!(reply instanceof AttachReply.Done)) {
            throw refusal(reply);
          }
        }
      }
    }
    return "";
  }

  private static List<KeptPod> kept(AgentConnection agent) {
    AttachReply reply = agent.ask(new AttachRequest.ListKept(), null);
    if (reply instanceof AttachReply.Kept kept) {
      return kept.pods();
    }
    throw refusal(reply);
  }
}
