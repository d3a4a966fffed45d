package org.dti4j.serve;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.TinyRun;

/** Bodies of requests, as Jazzer makes them up ({@code scripts/fuzz HTTP}), sent to a server; a first byte chooses whereto. */
public final class BodyFuzz {
    private static final String HISTORY =
            "[{\"item\":\"i1\",\"liked\":true,\"rating\":4},{\"item\":\"i2\",\"liked\":false}]";

    private BodyFuzz() {}

    private record Seed(String path, String body) {}

    private static final List<Seed> SEEDS = List.of(
            new Seed("/v1/score", "{\"history\":%s,\"candidates\":[\"i3\",{\"id\":\"i4\"}]}".formatted(HISTORY)),
            new Seed("/v1/users/ann/interactions", "{\"interactions\":%s}".formatted(HISTORY)),
            new Seed("/v1/users/ann/interactions", "{\"item\":\"i1\",\"liked\":true}"),
            new Seed(
                    "/v1/rerank",
                    "{\"query\":%s,\"documents\":[\"i3\",\"i4\"],\"top_n\":1,\"return_documents\":true}"
                            .formatted(HISTORY)),
            new Seed(
                    "/v2/models/dti/infer",
                    "{\"id\":\"7\",\"inputs\":[{\"name\":\"history\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"%s\"]},{\"name\":\"candidates\",\"datatype\":\"BYTES\",\"shape\":[1],\"data\":[\"i3\"]}]}"
                            .formatted(HISTORY.replace("\"", "\\\""))));

    private static final class Served {
        static final ScoringServer SERVER = start();
        static final Client CLIENT = Client.of(SERVER);

        private static ScoringServer start() {
            try {
                Path run = Files.createTempDirectory("fuzz");
                TinyRun.train(run);
                ServeConfig config =
                        ServeConfig.defaults().withListening(new Listening("127.0.0.1", 0, null, false, null));
                return ScoringServer.start(config, () -> ClickScorer.load(run, System::nanoTime));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Called by Jazzer at first: what a server loads with its first requests counts as no input's time. */
    public static void fuzzerInitialize() {
        for (int i = 0; i < SEEDS.size(); i++) {
            fuzzerTestOneInput(seed(i));
        }
    }

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) {
        if (data.length == 0) {
            return;
        }
        String path = SEEDS.get((data[0] & 0xff) % SEEDS.size()).path();
        Client.Answer answer = Served.CLIENT.send(Served.CLIENT
                .to(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(data, 1, data.length - 1))
                .build());
        boolean ownWords = answer.body().contains("Exception")
                && !new String(data, StandardCharsets.ISO_8859_1)
                        .contains("Exception"); // a refusal repeats what it refuses
        if (answer.status() >= 500 || answer.body().isBlank() || ownWords) {
            throw new AssertionError("%s answers %d: %s".formatted(path, answer.status(), answer.body()));
        }
    }

    /** Writes what Jazzer begins with. Arguments: the target, a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        for (int i = 0; i < SEEDS.size(); i++) {
            Files.write(folder.resolve("seed-" + i), seed(i));
        }
    }

    private static byte[] seed(int i) {
        byte[] body = ("\0" + SEEDS.get(i).body()).getBytes(StandardCharsets.UTF_8);
        body[0] = (byte) i;
        return body;
    }
}
