package org.dti4j.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import org.dti4j.problem.UserException;

/** Requests to the hub. Redirects are followed by hand: the token must not reach another host, and headers on the way are needed. */
final class HubClient {
    private static final int MOST_REDIRECTS = 5;

    private final HubSettings settings;
    private final HttpClient client;

    HubClient(HubSettings settings) {
        this.settings = settings;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(Duration.ofSeconds(30));
        if (settings.proxy() != null) {
            builder.proxy(settings.proxy());
        }
        client = builder.build();
    }

    /**
     * An answer.
     *
     * @param headers of the last one
     * @param body its content, which the caller closes
     * @param etag the content's hash as the hub states it, from wherever on the way it was stated; empty if nowhere
     */
    record Answer(int status, HttpHeaders headers, InputStream body, String etag) {}

    /** GET of a path below the endpoint, from byte {@code from} on. */
    Answer get(String path, long from) throws IOException, InterruptedException {
        URI uri = URI.create(settings.endpoint().toString().replaceFirst("/+$", "") + path);
        String etag = "";
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpResponse<InputStream> response = client.send(request(uri, from), BodyHandlers.ofInputStream());
            Optional<String> stated = response.headers().firstValue("X-Linked-Etag");
            if (etag.isEmpty()) {
                etag = stated.orElse("");
            }
            Optional<String> location = response.headers().firstValue("Location");
            if (response.statusCode() / 100 != 3 || location.isEmpty()) {
                String last = response.headers().firstValue("ETag").orElse("");
                // another host's ETag is of its own making
                boolean own = sameOrigin(uri, settings.endpoint());
                InputStream body = new PatientStream(response.body(), settings.patience());
                return new Answer(
                        response.statusCode(), response.headers(), body, unquoted(etag.isEmpty() && own ? last : etag));
            }
            response.body().close();
            uri = redirected(uri, location.get());
        }
        throw new IOException("more than %d redirects".formatted(MOST_REDIRECTS));
    }

    private static URI redirected(URI from, String location) throws IOException {
        URI to;
        try {
            to = from.resolve(location);
        } catch (IllegalArgumentException e) {
            throw new IOException("redirected to what is no URL: " + location, e);
        }
        boolean safe =
                "https".equals(to.getScheme()) || ("http".equals(to.getScheme()) && "http".equals(from.getScheme()));
        if (!safe || to.getHost() == null) {
            throw new IOException("redirected from %s to %s, which is not safe".formatted(from.getHost(), to));
        }
        return to;
    }

    private HttpRequest request(URI uri, long from) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(uri).timeout(settings.patience()).header("User-Agent", "dti4j");
        // a compressed answer would have another length and hash
        builder.header("Accept-Encoding", "identity");
        if (settings.token() != null && sameOrigin(uri, settings.endpoint())) {
            builder.header("Authorization", "Bearer " + settings.token());
        }
        if (from > 0) {
            builder.header("Range", "bytes=%d-".formatted(from));
        }
        return builder.GET().build();
    }

    private static boolean sameOrigin(URI a, URI b) {
        return a.getHost().equalsIgnoreCase(b.getHost())
                && a.getPort() == b.getPort()
                && a.getScheme().equals(b.getScheme());
    }

    private static String unquoted(String etag) {
        return etag.replaceFirst("^W/", "").replace("\"", "");
    }

    /** What a status other than success means for the user. */
    UserException refused(HubName name, String what, int status) {
        String reason = switch (status) {
            case 401, 403 ->
                settings.token() == null
                        ? "needs a token that may read it (set HF_TOKEN), and perhaps its licence accepted on the hub; or there is no such model"
                        : "is not for this token to read; its licence may have to be accepted on the hub";
            case 404 -> "is not on the hub";
            case 429 -> "was refused for too many requests; try again later";
            default -> "was answered with status " + status;
        };
        return new UserException("%s: %s %s (%s)".formatted(name.full(), what, reason, settings.endpoint()));
    }
}
