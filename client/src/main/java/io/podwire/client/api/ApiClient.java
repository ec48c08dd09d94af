package io.podwire.client.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.podwire.client.failure.ClientFailure;
import io.podwire.client.failure.InterruptedCall;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;

/**
 * The control plane's HTTP API: JSON requests and streams, one connection each.
 *
 * <p>Thread-safe. Calls block. A refused request is an {@link ApiRefusal} that carries the server's
 * Status; a control plane that is not there is an {@link ApiUnreachable}.
 */
public final class ApiClient implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final byte[] NO_BODY = new byte[0];

  private final ApiTransport transport;

  /** A client of the API at the address. */
  public ApiClient(ApiAddress address) {
    this.transport = new ApiTransport(address);
  }

  /** The connections beneath, for protocols other than plain requests. */
  public ApiTransport transport() {
    return transport;
  }

  /** Reads an object or a list. */
  public JsonNode get(String path) {
    return json(path, open(HttpMethod.GET, path, NO_BODY, ""));
  }

  /** Sends a body of the given media type and reads the JSON answer. */
  public JsonNode post(String path, byte[] body, String mediaType) {
    return json(path, open(HttpMethod.POST, path, body, mediaType));
  }

  /** Changes an object by a merge patch (RFC 7396). */
  public JsonNode mergePatch(String path, String patch) {
    byte[] body = patch.getBytes(StandardCharsets.UTF_8);
    return json(path, open(HttpMethod.PATCH, path, body, "application/merge-patch+json"));
  }

  /** Deletes an object. */
  public JsonNode delete(String path) {
    return json(path, open(HttpMethod.DELETE, path, NO_BODY, ""));
  }

  /** Opens a stream such as logs or a watch; the caller closes it. */
  public ApiResponse stream(String path) {
    ApiResponse response = open(HttpMethod.GET, path, NO_BODY, "");
    if (!response.successful()) {
      throw refusal(path, response);
    }
    return response;
  }

  private JsonNode json(String path, ApiResponse response) {
    if (!response.successful()) {
      throw refusal(path, response);
    }
    try (response) {
      return JSON.readTree(response.body());
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  private ApiRefusal refusal(String path, ApiResponse response) {
    try (response) {
      return new ApiRefusal(
          ApiStatus.parse(response.status(), path, response.body().readAllBytes()));
    } catch (IOException failure) {
      throw broken(failure);
    }
  }

  private ApiResponse open(HttpMethod method, String path, byte[] body, String mediaType) {
    ResponseReader reader = new ResponseReader();
    Channel channel =
        transport.connect(pipeline -> {
          pipeline.channel().config().setAutoRead(false);
          pipeline.addLast(new HttpClientCodec(), reader);
        });
    DefaultFullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, method, path, Unpooled.wrappedBuffer(body));
    request
        .headers()
        .set(HttpHeaderNames.HOST, transport.address().hostHeader())
        .set(HttpHeaderNames.USER_AGENT, "podwire")
        .set(HttpHeaderNames.ACCEPT, "application/json, */*")
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
        .set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    if (body.length > 0) {
      request.headers().set(HttpHeaderNames.CONTENT_TYPE, mediaType);
    }
    channel.writeAndFlush(request);
    channel.read();
    try {
      return reader.response().get();
    } catch (ExecutionException failure) {
      throw broken(failure.getCause() == null ? failure : failure.getCause());
    } catch (InterruptedException stopped) {
      channel.close();
      throw new InterruptedCall(stopped);
    }
  }

  private ClientFailure broken(Throwable failure) {
    return new ClientFailure(
        "the control plane at "
            + transport.address().text()
            + " broke off: "
            + failure.getMessage(),
        failure);
  }

  @Override
  public void close() {
    transport.close();
  }
}
