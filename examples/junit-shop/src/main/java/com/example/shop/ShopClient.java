package com.example.shop;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Asks a shop over HTTP, and asks again where no answer comes in time. */
public final class ShopClient {
  private final HttpClient http;
  private final URI shop;
  private final Duration patience;
  private final int attempts;

  /** An answer, and how many attempts it took. */
  public record Answer(String text, int attempts) {}

  /**
   * Connects when it is asked something.
   *
   * @param patience how long an attempt waits for its answer
   * @param attempts how many there are at most
   */
  public ShopClient(HttpClient http, URI shop, Duration patience, int attempts) {
    this.http = http;
    this.shop = shop;
    this.patience = patience;
    this.attempts = attempts;
  }

  /** The first answer; where all attempts fail, the failure of the last. */
  public Answer get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(shop.resolve(path)).timeout(patience).build();
    IOException last = new IOException("no attempt was made");
    for (int attempt = 1; attempt <= attempts; attempt++) {
      try {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        if (response.statusCode() == 200) {
          return new Answer(response.body(), attempt);
        }
        last = new IOException(request.uri() + " answered " + response.statusCode());
      } catch (IOException failure) {
        last = failure;
      }
    }
    throw last;
  }
}
