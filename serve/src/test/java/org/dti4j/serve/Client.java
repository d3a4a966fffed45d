package org.dti4j.serve;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a server over the wire. */
record Client(int port, HttpClient http) {
    static Client of(ScoringServer server) {
        return new Client(server.port(), HttpClient.newHttpClient());
    }

    /** A status and a body, which is JSON unless it is empty or says otherwise. */
    record Answer(int status, String body, HttpResponse<String> response) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d%s".formatted(port, path)));
    }

    Answer get(String path) {
        return send(to(path).GET().build());
    }

    Answer post(String path, String json) {
        return send(posting(path, json));
    }

    HttpRequest posting(String path, String json) {
        return to(path).header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build();
    }

    CompletableFuture<Answer> posted(String path, String json) {
        return http.sendAsync(posting(path, json), BodyHandlers.ofString()).thenApply(Client::answer);
    }

    Answer send(HttpRequest request) {
        try {
            return answer(http.send(request, BodyHandlers.ofString()));
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Answer answer(HttpResponse<String> response) {
        return new Answer(response.statusCode(), response.body(), response);
    }
}
