package org.dti4j.cli.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import org.dti4j.cli.load.LoadGenerator.Request;

/** What clients do to a server when they are broken, slow, gone or too many. */
public final class Faults {
    private static final int MALFORMED = 2000;
    private static final int SLOW = 200;
    private static final int ABORTED = 500;
    private static final int CROWD = 400; // more than wait in the queue and are scored

    private final LoadGenerator load;
    private final LongSupplier residentBytes;
    private final IntFunction<Request> requests;

    /**
     * @param residentBytes of the server
     * @param requests whose right answers are known
     */
    public Faults(LoadGenerator load, LongSupplier residentBytes, IntFunction<Request> requests) {
        this.load = load;
        this.residentBytes = residentBytes;
        this.requests = requests;
    }

    /**
     * What came of it.
     *
     * @param malformed statuses that {@value #MALFORMED} malformed or oversized requests were answered with
     * @param besideSlow ordinary requests beside {@value #SLOW} clients that began a request and send no more
     * @param afterAborted ordinary requests after {@value #ABORTED} connections that were reset before their answer
     * @param overload the same of {@value #CROWD} clients that ask again at once, refused or not
     * @param offered requests of the overload over those that were answered with 200
     * @param residentBefore bytes of the server when it was warm, residentAfter at the end
     */
    public record Report(
            Map<Integer, Long> malformed,
            Load besideSlow,
            Load afterAborted,
            Load overload,
            double offered,
            long residentBefore,
            long residentAfter) {}

    /** @param overload how long, after a tenth of it to get warm */
    public Report run(int clients, Duration each, Duration overload) {
        Map<Integer, Long> malformed = malformed();
        Load besideSlow = besideSlow(clients, each);
        abort();
        Load afterAborted = load.run(clients, each, requests);
        load.run(CROWD, overload.dividedBy(10), requests);
        long before = residentBytes.getAsLong();
        Load crowded = load.run(CROWD, overload, requests);
        long sent =
                crowded.statuses().values().stream().mapToLong(Long::longValue).sum();
        return new Report(
                malformed,
                besideSlow,
                afterAborted,
                crowded,
                (double) sent / Math.max(1, crowded.count(200)),
                before,
                residentBytes.getAsLong());
    }

    private Map<Integer, Long> malformed() {
        Map<Integer, Long> statuses = new TreeMap<>();
        Random random = new Random(7);
        for (int i = 0; i < MALFORMED; i++) {
            Request good = requests.apply(i);
            statuses.merge(load.status(good.path(), broken(good.body(), random)), 1L, Long::sum);
        }
        return statuses;
    }

    /** Never what it was. */
    private static String broken(String body, Random random) {
        int at = 1 + random.nextInt(body.length() - 1);
        return switch (random.nextInt(6)) {
            case 0 -> body.substring(0, at);
            case 1 -> "[".repeat(1 + random.nextInt(20_000));
            case 2 -> body + " ".repeat(1 << 20);
            case 3 -> body.replace("\"candidates\"", "\"candidate\"");
            case 4 -> body.replace("[", "[null,");
            default -> body.substring(0, at) + (char) 1 + body.substring(at);
        };
    }

    private Load besideSlow(int clients, Duration each) {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < SLOW; i++) {
                Socket socket = connect();
                slow.add(socket);
                write(socket, requests.apply(i), 2);
            }
            return load.run(clients, each, requests);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            slow.forEach(Faults::closed);
        }
    }

    private void abort() {
        for (int i = 0; i < ABORTED; i++) {
            try (Socket socket = connect()) {
                write(socket, requests.apply(i), 1);
                socket.setSoLinger(true, 0); // a reset
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), load.address().getPort());
    }

    /** @param part of the body that is sent: one over this */
    private static void write(Socket socket, Request request, int part) throws IOException {
        byte[] body = request.body().getBytes(StandardCharsets.UTF_8);
        String head =
                "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                        .formatted(request.path(), body.length);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().write(body, 0, body.length / part);
        socket.getOutputStream().flush();
    }

    private static void closed(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is gone anyway
        }
    }
}
