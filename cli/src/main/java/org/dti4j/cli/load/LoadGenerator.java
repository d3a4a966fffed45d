package org.dti4j.cli.load;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Clients of one server on this machine: each sends its next request when the last is answered. */
public final class LoadGenerator {
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final URI address;
    private final HttpClient http;

    /** @param address of the server, without a path */
    public LoadGenerator(URI address) {
        this.address = address;
        http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    /**
     * A request, and what a right answer is.
     *
     * @param right whether a body that came with 200 is what it should be
     */
    public record Request(String path, String body, Predicate<String> right) {}

    /** One answer to one request, its status checked. */
    public String post(String path, String body) {
        try {
            HttpResponse<String> answer = send(path, body);
            if (answer.statusCode() != 200) {
                throw new IllegalStateException("%s: %d %s".formatted(path, answer.statusCode(), answer.body()));
            }
            return answer.body();
        } catch (IOException e) {
            throw new IllegalStateException(path + ": " + e, e);
        }
    }

    /** The status that a request is answered with; 0 if it got no answer. */
    int status(String path, String body) {
        try {
            return send(path, body).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    URI address() {
        return address;
    }

    /**
     * Sends requests until the time is over.
     *
     * @param clients that send at the same time
     * @param requests the i-th of them; asked by all clients
     */
    public Load run(int clients, Duration time, IntFunction<Request> requests) {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        try {
            long start = System.nanoTime();
            List<Future<Client>> running = new ArrayList<>();
            for (int i = 0; i < clients; i++) {
                Client client = new Client(i, clients, start + time.toNanos(), requests);
                running.add(threads.submit((Callable<Client>) client));
            }
            List<Client> done = new ArrayList<>();
            for (Future<Client> each : running) {
                done.add(each.get());
            }
            return total(done, (System.nanoTime() - start) / 1e9);
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Load total(List<Client> clients, double seconds) {
        Map<Integer, Long> statuses = new TreeMap<>();
        clients.forEach(client -> client.statuses.forEach((status, count) -> statuses.merge(status, count, Long::sum)));
        double[] millis = clients.stream()
                .flatMapToDouble(client -> client.millis.build())
                .toArray();
        return Load.of(
                statuses,
                millis,
                seconds,
                clients.stream().mapToLong(client -> client.wrong).sum());
    }

    private final class Client implements Callable<Client> {
        private final int first;
        private final int step;
        private final long end;
        private final IntFunction<Request> requests;
        private final Map<Integer, Long> statuses = new TreeMap<>();
        private final DoubleStream.Builder millis = DoubleStream.builder();
        private long wrong;

        Client(int first, int step, long end, IntFunction<Request> requests) {
            this.first = first;
            this.step = step;
            this.end = end;
            this.requests = requests;
        }

        @Override
        public Client call() {
            IntStream.iterate(first, i -> System.nanoTime() < end, i -> i + step)
                    .forEach(i -> ask(requests.apply(i)));
            return this;
        }

        private void ask(Request request) {
            long start = System.nanoTime();
            int status = 0;
            try {
                HttpResponse<String> answer = send(request.path(), request.body());
                status = answer.statusCode();
                if (status == 200) {
                    millis.add((System.nanoTime() - start) / 1e6);
                    wrong += request.right().test(answer.body()) ? 0 : 1;
                }
            } catch (IOException e) {
                status = 0; // no answer
            }
            statuses.merge(status, 1L, Long::sum);
        }
    }

    private HttpResponse<String> send(String path, String body) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(address.resolve(path))
                            .timeout(PATIENCE)
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
