package org.dti4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.dti4j.data.ItemFile;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.Kept;
import org.dti4j.run.TinyRun;
import org.dti4j.score.Interaction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A server with a run of seconds, asked over the wire. */
final class ScoringServerTest {
    private static final double ROUNDING = 1e-5;
    private static final String HISTORY = "[{\"item\": \"i1\", \"liked\": true}, {\"item\": \"i2\", \"liked\": false}]";
    private static final List<Interaction> SAME = List.of(new Interaction("i1", true), new Interaction("i2", false));
    private static final String INFER =
            "{\"id\": \"7\", \"inputs\": [{\"name\": \"history\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [%s]},"
                    + " {\"name\": \"candidates\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\"i3\", \"i4\"]}]}";

    @TempDir
    private static Path run;

    private static ClickScorer scorer;
    private static ScoringServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        TinyRun.train(run);
        scorer = open();
        ServeConfig patient =
                config().withTimeout(Duration.ofMinutes(5)); // or a busy machine refuses what would come late
        server = ScoringServer.start(
                patient.withLimits(new ServeConfig.Limits(20_000, 50, 40, 3)), ScoringServerTest::open);
        client = Client.of(server);
    }

    @AfterAll
    static void stop() {
        server.close();
        scorer.close();
    }

    private static ClickScorer open() {
        return ClickScorer.load(run, System::nanoTime);
    }

    private static ServeConfig config() {
        return ServeConfig.defaults().withListening(listening("127.0.0.1", 0, null, false));
    }

    private static Listening listening(String host, int port, @Nullable String token, boolean insecure) {
        return new Listening(host, port, token, insecure, null);
    }

    private static ServeConfig.Batching batching(int queue, long waitMillis, long timeoutMillis) {
        return new ServeConfig.Batching(queue, 512, Duration.ofMillis(waitMillis), Duration.ofMillis(timeoutMillis));
    }

    private static String scoring(String history, String... candidates) {
        return "{\"history\": %s, \"candidates\": [\"%s\"]}".formatted(history, String.join("\", \"", candidates));
    }

    private static double[] numbers(JsonNode list) {
        return IntStream.range(0, list.size())
                .mapToDouble(i -> list.get(i).asDouble())
                .toArray();
    }

    @Test
    void scoresAreThoseOfTheLibrary() {
        Client.Answer answer = client.post("/v1/score", scoring(HISTORY, "i3", "i4", "i5"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).startsWith("application/json");
        assertThat(numbers(answer.json().path("probabilities")))
                .containsExactly(scorer.score(SAME, List.of("i3", "i4", "i5")), within(ROUNDING));
    }

    @Test
    void aUsersInteractionsAreKeptUntilTheyAreForgotten() {
        String path = "/v1/users/ann/interactions";
        assertThat(client.post(path, "{\"item\": \"i1\", \"liked\": true}")
                        .json()
                        .path("interactions")
                        .asInt())
                .isEqualTo(1);
        assertThat(client.post(path, "{\"interactions\": [{\"item\": \"i2\", \"liked\": false}]}")
                        .json())
                .hasToString("{\"user\":\"ann\",\"interactions\":2}");
        String scoring = "{\"user\": \"ann\", \"candidates\": [\"i3\"]}";
        assertThat(numbers(client.post("/v1/score", scoring).json().path("probabilities")))
                .containsExactly(scorer.score(SAME, List.of("i3")), within(ROUNDING));
        assertThat(client.send(client.to("/v1/users/ann").DELETE().build()).status())
                .isEqualTo(204);
        assertThat(client.send(client.to("/v1/users/ann").DELETE().build()).status())
                .isEqualTo(404);
        assertThat(client.post("/v1/score", scoring).status()).isEqualTo(404);
    }

    @Test
    void historiesOfMoreUsersThanFitAreEvictedTheLongestUnusedFirst() {
        for (String user : List.of("a", "b", "c")) {
            client.post("/v1/users/%s/interactions".formatted(user), "{\"item\": \"i1\", \"liked\": true}");
        }
        String of = "{\"user\": \"%s\", \"candidates\": [\"i3\"]}";
        assertThat(client.post("/v1/score", of.formatted("a")).status()).isEqualTo(200);
        client.post("/v1/users/d/interactions", "{\"item\": \"i1\", \"liked\": true}");
        assertThat(client.post("/v1/score", of.formatted("b")).status()).isEqualTo(404);
        assertThat(client.post("/v1/score", of.formatted("a")).status()).isEqualTo(200);
        for (int i = 0; i < 40; i++) {
            client.post("/v1/users/d/interactions", "{\"item\": \"i1\", \"liked\": true}");
        }
        assertThat(client.post("/v1/users/d/interactions", "{\"item\": \"i1\", \"liked\": true}")
                        .json()
                        .path("interactions")
                        .asInt())
                .isEqualTo(scorer.context());
    }

    @Test
    void aStoredUsersKeysAndValuesAreKeptAndAnswersAreTheSame() {
        try (ScoringServer keeping =
                ScoringServer.start(config(), () -> ClickScorer.load(run, System::nanoTime, Kept.histories(1 << 20)))) {
            Client asking = Client.of(keeping);
            List<Interaction> history = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                history.add(new Interaction("i" + i, i % 3 == 0));
                asking.post(
                        "/v1/users/ann/interactions", "{\"item\": \"i%d\", \"liked\": %b}".formatted(i, i % 3 == 0));
                for (int again = 0; again < 2; again++) {
                    assertThat(numbers(asking.post("/v1/score", "{\"user\": \"ann\", \"candidates\": [\"i3\", \"i9\"]}")
                                    .json()
                                    .path("probabilities")))
                            .containsExactly(scorer.score(history, List.of("i3", "i9")), within(ROUNDING));
                }
            }
            String metrics = asking.get("/metrics").body();
            assertThat(sample(metrics, "dti_cache_found_total")).isEqualTo(8);
            assertThat(sample(metrics, "dti_cache_continued_total")).isEqualTo(scorer.context() - 1);
            assertThat(sample(metrics, "dti_cache_bytes")).isPositive();
            assertThat(asking.get("/v1/users/ann/interactions").json().at("/interactions/3"))
                    .hasToString("{\"item\":\"i7\",\"liked\":false}");
            assertThat(asking.get("/v1/users/bob/interactions").status()).isEqualTo(404);
        }
    }

    @Test
    void rerankingSortsByTheSameScores() {
        String body =
                "{\"query\": %s, \"documents\": [\"i3\", {\"id\": \"i4\"}, \"i5\"], \"top_n\": 2, \"return_documents\": true}"
                        .formatted(HISTORY);
        JsonNode results = client.post("/v1/rerank", body).json().path("results");
        double[] scores = scorer.score(SAME, List.of("i3", "i4", "i5"));
        int best = IntStream.range(0, 3)
                .reduce((i, j) -> scores[i] >= scores[j] ? i : j)
                .orElseThrow();
        assertThat(results.size()).isEqualTo(2);
        assertThat(results.get(0).path("index").asInt()).isEqualTo(best);
        assertThat(results.get(0).path("relevance_score").asDouble()).isEqualTo(scores[best], within(ROUNDING));
        assertThat(results.get(0).at("/document/text").asString())
                .isEqualTo(scorer.items().get(3 + best).columns().get("title"));
        assertThat(results.get(1).path("relevance_score").asDouble())
                .isLessThanOrEqualTo(results.get(0).path("relevance_score").asDouble());
    }

    @Test
    void kserveClientsAreAnswered() {
        assertThat(client.get("/v2/health/ready").status()).isEqualTo(200);
        assertThat(client.get("/v2").json().path("name").asString()).isEqualTo("dti4j");
        assertThat(client.get("/v2/models/dti/ready").status()).isEqualTo(200);
        assertThat(client.get("/v2/models/dti").json().at("/outputs/0/name").asString())
                .isEqualTo("probabilities");
        assertThat(client.get("/v2/models/other").status()).isEqualTo(404);
        String text = '"' + HISTORY.replace("\"", "\\\"") + '"';
        Client.Answer answer = client.post("/v2/models/dti/infer", INFER.formatted(text));
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("id").asString()).isEqualTo("7");
        assertThat(answer.json().at("/outputs/0/shape/0").asInt()).isEqualTo(2);
        assertThat(numbers(answer.json().at("/outputs/0/data")))
                .containsExactly(scorer.score(SAME, List.of("i3", "i4")), within(ROUNDING));
    }

    @Test
    void itemsAreFoundByTheirTexts() {
        String title = scorer.items().get(7).columns().getOrDefault("title", "");
        String word = title.substring(4).replace(" ", "%20").toLowerCase(Locale.ROOT);
        JsonNode found = client.get("/v1/items?search=" + word).json();
        assertThat(found.get(0).path("id").asString()).isEqualTo("i7");
        assertThat(found.get(0).path("title").asString()).isEqualTo(title);
        assertThat(client.get("/v1/items?search=zzzz").json().size()).isZero();
        assertThat(client.get("/v1/items").json().size()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "400|{",
                "400|[]",
                "400|{\"a\": 1, \"a\": 2}",
                "400|''",
                "422|{}",
                "422|{\"history\": [], \"user\": \"a\", \"candidates\": [\"i1\"]}",
                "422|{\"history\": [], \"candidates\": []}",
                "422|{\"history\": [], \"candidates\": \"i1\"}",
                "422|{\"history\": [], \"candidates\": [null]}",
                "422|{\"history\": [], \"candidates\": [\"none\"]}",
                "422|{\"history\": 1, \"candidates\": [\"i1\"]}",
                "422|{\"history\": [1], \"candidates\": [\"i1\"]}",
                "422|{\"history\": [{\"item\": \"i1\"}], \"candidates\": [\"i1\"]}",
                "422|{\"history\": [{\"item\": \"none\", \"liked\": true}], \"candidates\": [\"i1\"]}",
                "404|{\"user\": \"nobody\", \"candidates\": [\"i1\"]}",
                "404|{\"user\": {}, \"candidates\": [\"i1\"]}"
            })
    void aBadRequestIsToldWhatIsWrong(int status, String body) {
        Client.Answer answer = client.post("/v1/score", body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.json().path("title").asString()).isNotEmpty();
        assertThat(answer.json().path("detail").asString()).isNotEmpty();
        assertThat(answer.body()).doesNotContain("org.dti4j", "Exception");
    }

    @Test
    void everythingThatIsWrongIsNamed() {
        JsonNode problem =
                client.post("/v1/score", scoring("[]", "none", "i1", "gone")).json();
        assertThat(problem.path("errors").size()).isEqualTo(2);
        assertThat(problem.at("/errors/1").asString()).contains("candidates[2] = gone");
    }

    @Test
    void requestsBeyondTheLimitsAreRefused() {
        String many = "[%s]"
                .formatted("{\"item\": \"i1\", \"liked\": true},".repeat(50) + "{\"item\": \"i1\", \"liked\": true}");
        assertThat(client.post("/v1/score", scoring(many, "i1")).status()).isEqualTo(413);
        String[] candidates = IntStream.range(0, 41).mapToObj(i -> "i1").toArray(String[]::new);
        assertThat(client.post("/v1/score", scoring("[]", candidates)).status()).isEqualTo(413);
        assertThat(client.post("/v1/score", " ".repeat(20_001)).status()).isEqualTo(413);
        Client.Answer unknownLength = client.send(client.to("/v1/score")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofInputStream(() -> new java.io.ByteArrayInputStream(new byte[100_000])))
                .build());
        assertThat(unknownLength.status()).as("a body whose length is not said").isEqualTo(413);
        String deep = "{\"history\": %s".formatted("[".repeat(9_000));
        assertThat(client.post("/v1/score", deep).status()).isEqualTo(400);
        assertThat(client.post(
                                "/v1/users/%s/interactions".formatted("x".repeat(201)),
                                "{\"item\": \"i1\", \"liked\": true}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void whatIsNotThereOrNotJsonIsRefused() {
        assertThat(client.get("/v1/none").status()).isEqualTo(404);
        assertThat(client.get("/v1/none").header("Content-Type")).isEqualTo("application/problem+json");
        assertThat(client.get("/v1/score").status()).isEqualTo(405);
        assertThat(client.get("/v1/score").header("Allow")).isEqualTo("POST");
        assertThat(client.send(client.to("/v1/score")
                                .header("Content-Type", "text/plain")
                                .POST(BodyPublishers.ofString(scoring("[]", "i1")))
                                .build())
                        .status())
                .as("a form of another site can send text, but not JSON")
                .isEqualTo(415);
    }

    @Test
    void requestsAtTheSameTimeAreAnsweredEachWithItsOwnScoresInFewBatches() {
        List<CompletableFuture<Client.Answer>> answers = IntStream.range(0, 60)
                .mapToObj(i -> client.posted("/v1/score", scoring(HISTORY, "i" + i % 30)))
                .toList();
        for (int i = 0; i < answers.size(); i++) {
            assertThat(numbers(answers.get(i).join().json().path("probabilities")))
                    .containsExactly(scorer.score(SAME, List.of("i" + i % 30)), within(ROUNDING));
        }
        String metrics = client.get("/metrics").body();
        assertThat(metrics)
                .contains("dti_requests_seconds_count{route=\"/v1/score\",status=\"200\"}", "dti_queue", "dti_users");
        assertThat(sample(metrics, "dti_batch_requests_max")).isGreaterThan(1);
    }

    private static double sample(String metrics, String name) {
        return metrics.lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void weightsThatAreNotFiniteAreTheServersFault(@TempDir Path broken) throws IOException {
        TinyRun.train(broken);
        Path weights = broken.resolve("model/model.safetensors");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(weights)).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 8 + (int) bytes.getLong(0); at < bytes.limit(); at += Float.BYTES) {
            bytes.putFloat(at, Float.NaN);
        }
        Files.write(weights, bytes.array());
        try (ScoringServer failing = ScoringServer.start(config(), () -> ClickScorer.load(broken, System::nanoTime))) {
            Client.Answer answer = Client.of(failing).post("/v1/score", scoring("[]", "i1"));
            assertThat(answer.status()).as(answer.body()).isEqualTo(500);
            assertThat(answer.body()).contains("Fault of the model", "not finite");
        }
    }

    @Test
    void aFullQueueRefusesWithTheTimeToWait() {
        ServeConfig narrow = config().withBatching(batching(2, 300, 10_000));
        try (ScoringServer small = ScoringServer.start(narrow, ScoringServerTest::open)) {
            Client asking = Client.of(small);
            List<Client.Answer> answers = IntStream.range(0, 80)
                    .mapToObj(i -> asking.posted("/v1/score", scoring(HISTORY, manyCandidates())))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
            List<Client.Answer> refused =
                    answers.stream().filter(answer -> answer.status() == 429).toList();
            assertThat(refused)
                    .isNotEmpty()
                    .allMatch(answer -> answer.header("Retry-After").equals("1"));
            assertThat(answers).anyMatch(answer -> answer.status() == 200);
            assertThat(answers).allMatch(answer -> answer.status() == 200 || answer.status() == 429);
        }
    }

    private static String[] manyCandidates() {
        return IntStream.range(0, 600).mapToObj(i -> "i" + i % 30).toArray(String[]::new);
    }

    @Test
    void aRequestThatWaitsTooLongIsTold() {
        ServeConfig slow = config().withBatching(batching(100, 700, 50));
        try (ScoringServer late = ScoringServer.start(slow, ScoringServerTest::open)) {
            Client.Answer answer = Client.of(late).post("/v1/score", scoring(HISTORY, "i1"));
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().path("title").asString()).isEqualTo("Timed out");
        }
    }

    /** However fast the machine is: nobody scores so many in so short a time. */
    @Test
    void workThatNobodyWaitsForIsStoppedAndWhatCannotBeInTimeIsToldSo() {
        ServeConfig hasty = config().withLimits(new ServeConfig.Limits(1 << 20, 1000, 50_000, 10))
                .withBatching(batching(100, 0, 20));
        String body = scoring(
                HISTORY, IntStream.range(0, 40_000).mapToObj(i -> "i" + i % 30).toArray(String[]::new));
        try (ScoringServer slow = ScoringServer.start(hasty, ScoringServerTest::open)) {
            Client asking = Client.of(slow);
            Client.Answer answer = asking.post("/v1/score", body);
            assertThat(answer.status()).as(answer.body()).isEqualTo(503);
            for (int i = 0; i < 20 && answer.status() != 413; i++) {
                answer = asking.post("/v1/score", body);
            }
            assertThat(answer.status()).as(answer.body()).isEqualTo(413);
            assertThat(answer.json().path("detail").asString())
                    .startsWith("40000 candidates would take about ")
                    .contains("must take at most 0.0200 s", "ask for fewer at a time");
            assertThat(sample(asking.get("/metrics").body(), "dti_batch_stopped_total"))
                    .isPositive();
        }
    }

    /** Each request is a batch of its own, so that most wait in the queue when the server is told to stop. */
    @Test
    void stoppingAnswersWhatWasAccepted() throws Exception {
        ScoringServer stopped =
                ScoringServer.start(config().withTimeout(Duration.ofMinutes(1)), ScoringServerTest::open);
        Client asking = Client.of(stopped);
        List<CompletableFuture<Client.Answer>> answers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            answers.add(asking.posted("/v1/score", scoring(HISTORY, manyCandidates())));
        }
        for (int i = 0; i < 400 && sample(asking.get("/metrics").body(), "dti_queue") < 10; i++) {
            Thread.sleep(2);
        }
        stopped.close();
        double expected = scorer.score(SAME, List.of("i0"))[0];
        long answered = 0;
        for (CompletableFuture<Client.Answer> each : answers) {
            Client.Answer answer = each.get(60, TimeUnit.SECONDS);
            assertThat(answer.status())
                    .as("answered, or refused at once: %s", answer.body())
                    .isIn(200, 503);
            if (answer.status() == 200) {
                assertThat(answer.json().at("/probabilities/0").asDouble()).isEqualTo(expected, within(ROUNDING));
                answered++;
            } else {
                assertThat(answer.json().path("title").asString()).isEqualTo("Stopping");
            }
        }
        assertThat(answered).isGreaterThan(10);
        assertThatThrownBy(() -> asking.get("/healthz"))
                .as("the port is closed")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void theModelIsExchangedWithoutLosingARequest() {
        for (int round = 0; round < 12; round++) {
            List<CompletableFuture<Client.Answer>> answers = new ArrayList<>();
            answers.add(client.posted("/v1/admin/reload", "{}"));
            for (int i = 0; i < 100; i++) {
                answers.add(client.posted("/v1/score", scoring(HISTORY, "i3", "i4", "i5", "i6")));
            }
            while (!answers.get(0).isDone()) { // the model is exchanged under steady traffic
                answers.add(CompletableFuture.completedFuture(client.post("/v1/score", scoring(HISTORY, "i3"))));
            }
            assertThat(answers).allMatch(answer -> answer.join().status() == 200);
        }
        assertThat(client.post("/v1/admin/reload", "{}").json().path("loads").asInt())
                .isGreaterThanOrEqualTo(14);
    }

    @Test
    void aStoredUserIsScoredWithoutTheItemsThatANewerRunLacks(@TempDir Path changing) {
        TinyRun.train(changing);
        try (ScoringServer reloading =
                ScoringServer.start(config(), () -> ClickScorer.load(changing, System::nanoTime))) {
            Client asking = Client.of(reloading);
            asking.post("/v1/users/ann/interactions", "{\"interactions\": %s}".formatted(HISTORY));
            ItemFile.write(
                    changing.resolve("items.parquet"),
                    scorer.items().stream()
                            .filter(item -> !item.id().equals("i2"))
                            .toList());
            assertThat(asking.post("/v1/admin/reload", "{}").status()).isEqualTo(200);

            double expected = scorer.score(List.of(new Interaction("i1", true)), List.of("i3"))[0];
            Client.Answer scored = asking.post("/v1/score", "{\"user\": \"ann\", \"candidates\": [\"i3\"]}");
            assertThat(scored.status()).as(scored.body()).isEqualTo(200);
            assertThat(scored.json().at("/probabilities/0").asDouble()).isEqualTo(expected, within(ROUNDING));
            Client.Answer ranked = asking.post("/v1/rerank", "{\"query\": \"ann\", \"documents\": [\"i3\"]}");
            assertThat(ranked.json().at("/results/0/relevance_score").asDouble())
                    .isEqualTo(expected, within(ROUNDING));
            assertThat(sample(asking.get("/metrics").body(), "dti_history_left_out_total"))
                    .isEqualTo(2);
            assertThat(asking.post("/v1/score", scoring(HISTORY, "i3")).status())
                    .as("a history that is written out must be right")
                    .isEqualTo(422);
        }
    }

    @Test
    void aRunFolderThatCannotBeOpenedIsNoFaultOfTheRequest(@TempDir Path changing) throws IOException {
        TinyRun.train(changing);
        try (ScoringServer reloading =
                ScoringServer.start(config(), () -> ClickScorer.load(changing, System::nanoTime))) {
            Client asking = Client.of(reloading);
            Files.delete(changing.resolve("scoring.json"));
            Client.Answer answer = asking.post("/v1/admin/reload", "{}");
            assertThat(answer.status()).as(answer.body()).isEqualTo(409);
            assertThat(answer.json().path("detail").asString()).contains("scoring.json", "the old model goes on");
            assertThat(asking.post("/v1/score", scoring(HISTORY, "i3")).status())
                    .isEqualTo(200);
        }
    }

    @Test
    void aTokenIsAskedForWhereOneIsSet() {
        String token = "a-token-of-the-test";
        try (ScoringServer guarded = ScoringServer.start(
                config().withListening(listening("127.0.0.1", 0, token, false)), ScoringServerTest::open)) {
            Client asking = Client.of(guarded);
            assertThat(asking.get("/healthz").status()).isEqualTo(200);
            assertThat(asking.get("/").status()).isEqualTo(200);
            for (String path : List.of("/metrics", "/v1/items", "/openapi.json", "/v2/models/dti")) {
                assertThat(asking.get(path).status()).as(path).isEqualTo(401);
            }
            assertThat(asking.get("/v1/items").header("WWW-Authenticate")).isEqualTo("Bearer");
            assertThat(asking.post("/v1/score", scoring("[]", "i1")).status()).isEqualTo(401);
            assertThat(asking.send(asking.to("/v1/items")
                                    .header("Authorization", "Bearer " + token + "x")
                                    .build())
                            .status())
                    .isEqualTo(401);
            assertThat(asking.send(asking.to("/v1/items")
                                    .header("Authorization", "Bearer " + token)
                                    .build())
                            .status())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "192.168.1.7", "example.invalid"})
    void anotherAddressNeedsATokenOrAnExplicitWord(String host) {
        assertThatThrownBy(() -> config().withListening(listening(host, 0, null, false)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("must be a loopback address");
        assertThat(config().withListening(listening(host, 0, "0123456789abcdef", false))
                        .listening()
                        .host())
                .isEqualTo(host);
        assertThat(config().withListening(listening(host, 0, null, true))
                        .listening()
                        .host())
                .isEqualTo(host);
        assertThatThrownBy(() -> config().withListening(listening(host, 0, "short", false)))
                .hasMessageContaining("16 characters");
    }

    @Test
    void aPortInUseIsTheUsersMistake() {
        assertThatThrownBy(() -> ScoringServer.start(
                        config().withListening(listening("127.0.0.1", server.port(), null, false)),
                        ScoringServerTest::open))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot listen on 127.0.0.1");
    }

    @Test
    void theDocumentNamesEveryRouteAndThePageIsThere() {
        JsonNode paths = client.get("/openapi.json").json().path("paths");
        assertThat(paths.propertyNames()).contains("/v1/score", "/v1/rerank", "/v2/models/{model}/infer");
        for (String path : paths.propertyNames()) {
            JsonNode operations = paths.path(path);
            for (String method : operations.propertyNames()) {
                String concrete = path.replace("{id}", "x").replace("{model}", "dti");
                Client.Answer answer = client.send(client.to(concrete)
                        .method(method.toUpperCase(Locale.ROOT), BodyPublishers.noBody())
                        .build());
                assertThat(answer.status()).as("%s %s is served", method, path).isNotIn(405, 500);
                assertThat(operations.path(method).path("responses").propertyNames())
                        .as("%s %s answers %d as the document says", method, path, answer.status())
                        .contains(Integer.toString(answer.status()));
            }
        }
        Client.Answer page = client.get("/");
        assertThat(page.header("Content-Type")).startsWith("text/html");
        assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
        assertThat(client.get("/page.js").body()).contains("/v1/score");
        assertThat(client.get("/page.css").status()).isEqualTo(200);
        assertThat(client.get("/readyz").status()).isEqualTo(200);
    }
}
