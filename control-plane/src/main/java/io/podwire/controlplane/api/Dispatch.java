package io.podwire.controlplane.api;

import io.podwire.cluster.store.StoreException;
import io.podwire.controlplane.kind.MalformedManifestException;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs each request on a virtual thread, and answers whatever it throws with a Status. */
final class Dispatch implements HttpConnection.RequestRunner {

  private static final Logger LOG = LoggerFactory.getLogger(Dispatch.class);

  private final Router router;
  private final ExecutorService executor;

  Dispatch(Router router, ExecutorService executor) {
    this.router = router;
    this.executor = executor;
  }

  @Override
  public void run(Request request, Exchange exchange) {
    try {
      executor.execute(() -> answer(request, exchange));
    } catch (RejectedExecutionException stopping) {
      fail(exchange, ApiException.of(503, "ServiceUnavailable", "the control plane is stopping"));
    }
  }

  private void answer(Request request, Exchange exchange) {
    try {
      refuseWebPages(request);
      router.dispatch(request, exchange);
    } catch (ApiException e) {
      fail(exchange, e);
    } catch (MalformedManifestException e) {
      fail(exchange, ApiException.badRequest(String.valueOf(e.getMessage())));
    } catch (StoreException e) {
      fail(exchange, ApiException.of(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(exchange, ApiException.of(503, "ServiceUnavailable", "the control plane is stopping"));
    } catch (IOException clientGone) {
      // There is nobody left to tell.
      exchange.abort();
    } catch (Exception e) {
      LOG.error("{} /{} failed", request.method(), String.join("/", request.path()), e);
      String what = "the control plane failed at this request (" + e + "); its log says more";
      fail(exchange, ApiException.of(500, "InternalError", what));
    }
  }

  /** A browser names the page that asks; nothing that we serve is for pages of other origins. */
  private static void refuseWebPages(Request request) {
    if (!request.header("origin").isEmpty()) {
      throw ApiException.of(
          403,
          "Forbidden",
          "requests with an Origin header are refused: the API is not for web pages");
    }
  }

  private static void fail(Exchange exchange, ApiException failure) {
    if (exchange.isAnswered()) {
      exchange.abort();
    } else {
      exchange.json(failure.code(), failure.status());
    }
  }
}
