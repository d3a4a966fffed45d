package org.dti4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.dti4j.problem.UserException;
import org.dti4j.run.TinyRun;
import org.dti4j.score.Interaction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Users' histories on the disk. */
final class UserStoreTest {
    private static final int USERS = 4;
    private static final int CONTEXT = 4; // of TinyRun
    private static final String PRLIMIT = "/usr/bin/prlimit"; // of Linux

    @TempDir
    private Path folder;

    @Test
    void whoWasEvictedFromMemoryComesBackFromTheStore() {
        Path file = folder.resolve("users.mv");
        try (Users users = new Users(2, UserStore.open(file))) {
            for (int user = 0; user < 10; user++) {
                users.append("u" + user, List.of(new Interaction("i" + user, true, 3.5)), 4);
            }
            assertThat(users.size()).isEqualTo(2);
            assertThat(users.append("u1", List.of(new Interaction("i2", false)), 4))
                    .isEqualTo(2);
            assertThat(users.remove("u3")).isTrue();
            assertThat(users.remove("u3")).isFalse();
        }
        try (Users users = new Users(2, UserStore.open(file))) {
            assertThat(users.history("u1"))
                    .containsExactly(new Interaction("i1", true, 3.5), new Interaction("i2", false));
            assertThat(users.history("u3")).isNull();
            assertThat(users.history("none")).isNull();
        }
    }

    @Test
    void aStoreThatCannotBeOpenedIsTheUsersMistake() throws Exception {
        Path file = Files.writeString(folder.resolve("text"), "no store ".repeat(2000));
        assertThatThrownBy(() -> UserStore.open(file))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--users");
        Path open = folder.resolve("open.mv");
        try (UserStore store = UserStore.open(open)) {
            store.force();
            assertThatThrownBy(() -> UserStore.open(open)).isInstanceOf(UserException.class);
        }
    }

    @Test
    void theFileDoesNotGrowWithTheNumberOfChanges() throws Exception {
        Path file = folder.resolve("many.mv");
        try (UserStore store = UserStore.open(file)) {
            List<Interaction> history = List.of(new Interaction("i1", true));
            for (int change = 0; change < 3000; change++) {
                store.put("u" + change % 50, history);
                store.force();
            }
        }
        assertThat(Files.size(file)).isLessThan(1 << 20);
    }

    /** The k-th interaction of every user. */
    private static String interaction(int k) {
        return "{\"item\": \"i%d\", \"liked\": %b}".formatted(k % 30, k / 30 % 2 == 0);
    }

    @Test
    void noInteractionThatWasAcknowledgedIsLostByAKill() throws Exception {
        Path run = folder.resolve("run");
        TinyRun.train(run);
        AtomicIntegerArray acknowledged = new AtomicIntegerArray(USERS);
        for (int kill = 0; kill < 3; kill++) {
            Process process = served(run);
            try {
                Client client = new Client(port(process), HttpClient.newHttpClient());
                check(client, acknowledged);
                ExecutorService threads = Executors.newFixedThreadPool(USERS);
                for (int user = 0; user < USERS; user++) {
                    int each = user;
                    threads.execute(() -> append(client, each, acknowledged));
                }
                Thread.sleep(1000 + 300L * kill);
                process.destroyForcibly(); // kill -9
                assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
                threads.shutdown();
                assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
            } finally {
                process.destroyForcibly();
            }
        }
        Process process = served(run);
        try {
            check(new Client(port(process), HttpClient.newHttpClient()), acknowledged);
            assertThat(IntStream.range(0, USERS).map(acknowledged::get).sum()).isGreaterThan(40);
        } finally {
            process.destroyForcibly();
        }
    }

    /** The system's bound of a file's size does what a full disk does. */
    @Test
    void aFileThatCannotBeWrittenTakesNothingAndTheServerIsNotReady() throws Exception {
        assumeTrue(Files.isExecutable(Path.of(PRLIMIT)), "there is no " + PRLIMIT);
        Path run = folder.resolve("run");
        TinyRun.train(run);
        Process process = served(run);
        try {
            Client client = new Client(port(process), HttpClient.newHttpClient());
            assertThat(client.get("/readyz").status()).isEqualTo(200);
            // not before: libraries unpack themselves when the server starts
            assertThat(new ProcessBuilder(PRLIMIT, "--pid", Long.toString(process.pid()), "--fsize=65536")
                            .start()
                            .waitFor())
                    .isZero();
            int status = 200;
            int users = 0;
            while (status == 200 && users < 5_000) {
                status = append(client, users++).status();
            }
            assertThat(status).as("answer to user %d", users).isEqualTo(503);
            for (int again = 0; again < 3; again++) {
                assertThat(append(client, 0).status()).isEqualTo(503);
            }
            assertThat(client.get("/v1/users/u0/interactions")
                            .json()
                            .path("interactions")
                            .size())
                    .isEqualTo(1);
            assertThat(client.get("/v1/users/u%d/interactions".formatted(users - 1))
                            .status())
                    .as("its interaction was not acknowledged")
                    .isEqualTo(503);
            assertThat(client.get("/readyz").status()).isEqualTo(503);
        } finally {
            process.destroyForcibly();
        }
    }

    private static Client.Answer append(Client client, int user) {
        return client.post("/v1/users/u%d/interactions".formatted(user), interaction(0));
    }

    private Process served(Path run) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServedTinyRun.class.getName(),
                        run.toString(),
                        folder.resolve("killed.mv").toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static int port(Process process) throws Exception {
        BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = reader.readLine();
        while (line != null && !line.startsWith("port ")) {
            line = reader.readLine();
        }
        assertThat(line).as("it started").isNotNull();
        return Integer.parseInt(String.valueOf(line).substring(5));
    }

    private static void append(Client client, int user, AtomicIntegerArray acknowledged) {
        try {
            while (true) {
                Client.Answer answer =
                        client.post("/v1/users/u%d/interactions".formatted(user), interaction(acknowledged.get(user)));
                assertThat(answer.status()).isEqualTo(200);
                acknowledged.incrementAndGet(user);
            }
        } catch (IllegalStateException killed) {
            // the connection ended: this one was not acknowledged
        }
    }

    /** The last that was acknowledged is the last that is kept, or one more that was written before its acknowledgement could be sent. */
    private static void check(Client client, AtomicIntegerArray acknowledged) {
        for (int user = 0; user < USERS; user++) {
            int count = acknowledged.get(user);
            Client.Answer answer = client.get("/v1/users/u%d/interactions".formatted(user));
            if (answer.status() == 404) {
                assertThat(count).isZero();
                continue;
            }
            JsonNode kept = answer.json().path("interactions");
            assertThat(kept.toString()).isIn(window(count), window(count + 1));
            if (kept.toString().equals(window(count + 1))) {
                acknowledged.incrementAndGet(user);
            }
        }
    }

    private static String window(int count) {
        return IntStream.range(Math.max(0, count - CONTEXT), count)
                .mapToObj(k -> interaction(k).replace(" ", ""))
                .toList()
                .toString()
                .replace(" ", "");
    }
}
