package org.dti4j.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.dti4j.file.Checksum;

/** A hub of one model on this machine: lists files, redirects large ones to another port as the real one does to its store. */
final class StubHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    final Map<String, byte[]> files = new TreeMap<>();
    final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    /** Bytes after which the store ends the connection, once; negative for never. */
    int breaksAfter = -1;
    /** How long it says nothing before it ends the connection so. */
    long stallsMillis;
    /** What the store does to the content. */
    boolean corrupts;

    String token = "";
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer hub = server(this::answer);
    private final HttpServer store = server(this::fromStore);

    private HttpServer server(com.sun.net.httpserver.HttpHandler handler) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                try (exchange) {
                    handler.handle(exchange);
                }
            });
            server.setExecutor(threads);
            server.start();
            return server;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String authorization =
                Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
        requests.add("hub " + path + " " + authorization);
        if (!token.isEmpty() && !authorization.equals("Bearer " + token)) {
            exchange.sendResponseHeaders(401, -1);
        } else if (path.equals("/api/models/org/tiny/revision/main")) {
            String siblings = files.keySet().stream()
                    .map("{\"rfilename\":\"%s\"}"::formatted)
                    .collect(Collectors.joining(","));
            send(
                    exchange,
                    "{\"sha\":\"%s\",\"siblings\":[%s]}"
                            .formatted(COMMIT, siblings)
                            .getBytes(StandardCharsets.UTF_8));
        } else if (path.startsWith("/org/tiny/resolve/" + COMMIT + "/")) {
            file(exchange, path.substring(path.lastIndexOf('/') + 1));
        } else {
            exchange.sendResponseHeaders(404, -1);
        }
    }

    private void file(HttpExchange exchange, String name) throws IOException {
        byte[] content = files.get(name);
        if (content == null) {
            exchange.sendResponseHeaders(404, -1);
        } else if (name.endsWith(".safetensors")) {
            exchange.getResponseHeaders().set("X-Linked-Etag", '"' + sha256(content) + '"');
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            "http://127.0.0.1:%d/%s"
                                    .formatted(store.getAddress().getPort(), name));
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.getResponseHeaders().set("ETag", '"' + git(content) + '"');
            send(exchange, content);
        }
    }

    private void fromStore(HttpExchange exchange) throws IOException {
        String range = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Range"), "");
        requests.add("store " + exchange.getRequestURI().getPath() + " " + range
                + Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), ""));
        String name = exchange.getRequestURI().getPath().substring(1);
        byte[] content = Objects.requireNonNull(files.get(name)).clone();
        if (corrupts) {
            content[content.length / 2] ^= 1;
        }
        exchange.getResponseHeaders().set("ETag", "\"of-the-store\"");
        int from = range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
        if (from > 0) {
            exchange.getResponseHeaders()
                    .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
        }
        exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
        int end = content.length;
        if (breaksAfter >= 0) {
            end = Math.min(end, from + breaksAfter);
            breaksAfter = -1;
        }
        exchange.getResponseBody().write(content, from, end - from);
        if (end < content.length) {
            exchange.getResponseBody().flush();
            stall();
            throw new IOException("the connection is cut");
        }
    }

    private void stall() {
        try {
            Thread.sleep(stallsMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the test is over
        }
    }

    private static void send(HttpExchange exchange, byte[] content) throws IOException {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
    }

    static String sha256(byte[] content) {
        MessageDigest digest = Checksum.sha256();
        digest.update(content);
        return Checksum.hex(digest);
    }

    private static String git(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(Arrays.copyOf(content, content.length)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        hub.stop(0);
        store.stop(0);
    }
}
