package org.dti4j.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

final class HubFetchTest {
    private static final HubName NAME = new HubName("org/tiny");
    private static final byte[] WEIGHTS = new byte[200_000];

    @TempDir
    private Path folder;

    private final StubHub hub = new StubHub();
    private Duration patience = Duration.ofSeconds(30);

    @BeforeEach
    void fill() {
        new SplittableRandom(1).nextBytes(WEIGHTS);
        hub.files.put("config.json", "{}".getBytes(StandardCharsets.UTF_8));
        hub.files.put("model.safetensors", WEIGHTS);
        hub.files.put("tokenizer.json", "{\"t\": 1}".getBytes(StandardCharsets.UTF_8));
        hub.files.put("pytorch_model.bin", "a pickle".getBytes(StandardCharsets.UTF_8));
        hub.files.put("../../escape.json", "out of the folder".getBytes(StandardCharsets.UTF_8));
        hub.files.put("original/params.json", "{}".getBytes(StandardCharsets.UTF_8));
        hub.files.put("consolidated.safetensors", new byte[9]);
        hub.files.put("modeling_tiny.py", "import os".getBytes(StandardCharsets.UTF_8));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private HubCache cache() {
        return new HubCache(folder.resolve("hub"));
    }

    private Path fetch(@Nullable String token, boolean offline) {
        return new HubFetch(new HubSettings(hub.uri(), cache(), token, offline, null, patience), Progress.SILENT)
                .fetch(NAME);
    }

    @Test
    void aModelIsLaidOutAsTheHubsOwnToolsDoAndWithoutAnythingThatRunsCode() throws IOException {
        Path snapshot = fetch(null, false);
        Path model = folder.resolve("hub/models--org--tiny");
        assertThat(snapshot).isEqualTo(model.resolve("snapshots").resolve(StubHub.COMMIT));
        assertThat(model.resolve("refs/main")).hasContent(StubHub.COMMIT);
        try (var files = Files.list(snapshot)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("config.json", "model.safetensors", "tokenizer.json");
        }
        assertThat(snapshot.resolve("model.safetensors")).isSymbolicLink().hasBinaryContent(WEIGHTS);
        assertThat(Files.readSymbolicLink(snapshot.resolve("model.safetensors")))
                .isEqualTo(Path.of("../../blobs").resolve(StubHub.sha256(WEIGHTS)));
        assertThat(cache().find(NAME)).contains(snapshot);
        assertThat(folder.resolve("escape.json")).doesNotExist();
    }

    @Test
    void aCutDownloadGoesOnWhereItEnded() throws IOException {
        hub.breaksAfter = 150_000;
        assertThat(fetch(null, false).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(hub.requests)
                .filteredOn(request -> request.startsWith("store"))
                .satisfies(requests -> {
                    assertThat(requests.get(0)).isEqualTo("store /model.safetensors ");
                    assertThat(requests.get(requests.size() - 1)).matches("store /model.safetensors bytes=[1-9]\\d*-");
                });
    }

    @Test
    @Timeout(10)
    void aDownloadThatStandsStillGoesOnWhereItStood() throws IOException {
        patience = Duration.ofMillis(500);
        hub.breaksAfter = 150_000;
        hub.stallsMillis = 20_000;
        assertThat(fetch(null, false).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(hub.requests)
                .last()
                .asString()
                .isEqualTo("hub /org/tiny/resolve/" + StubHub.COMMIT + "/tokenizer.json ");
        assertThat(hub.requests).anyMatch(request -> request.matches("store /model.safetensors bytes=[1-9]\\d*-"));
    }

    @Test
    void whatAnEarlierProcessLeftIsGoneOnFrom() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("hub/models--org--tiny/blobs"));
        Files.write(blobs.resolve(StubHub.sha256(WEIGHTS) + ".incomplete"), java.util.Arrays.copyOf(WEIGHTS, 123_456));
        assertThat(fetch(null, false).resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
        assertThat(hub.requests).contains("store /model.safetensors bytes=123456-");
    }

    @Test
    void contentOfAnotherHashIsNeverKept() throws IOException {
        hub.corrupts = true;
        assertThatThrownBy(() -> fetch(null, false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("model.safetensors has the hash")
                .hasMessageContaining("the hub states " + StubHub.sha256(WEIGHTS));
        assertThat(folder.resolve("hub/models--org--tiny/blobs"))
                .isDirectoryNotContaining("glob:**" + StubHub.sha256(WEIGHTS) + "*");
        assertThat(cache().find(NAME)).isEmpty();
    }

    @Test
    void aCacheThatCannotBeWrittenIsToldOnceAndTheHubNotBlamed() throws IOException {
        Files.writeString(folder.resolve("hub"), "a file, where a folder should be"); // stops root too
        assertThatThrownBy(() -> fetch(null, false))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(folder.resolve("hub").toString())
                .hasMessageContaining("cannot be written")
                .hasMessageNotContaining("cannot be fetched");
        assertThat(hub.requests)
                .filteredOn(request -> request.contains("/resolve/"))
                .hasSize(1);
    }

    @Test
    void whatIsThereIsNotFetchedAgainAndServesOffline() {
        Path snapshot = fetch(null, false);
        hub.requests.clear();
        assertThat(fetch(null, true)).isEqualTo(snapshot);
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void offlineWithoutTheModelIsToldAndNothingIsAsked() {
        assertThatThrownBy(() -> fetch(null, true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("is not in the cache")
                .hasMessageContaining("HF_HUB_OFFLINE");
        assertThat(hub.requests).isEmpty();
    }

    @Test
    void theTokenReachesTheHubAndNoOtherHost() {
        hub.token = "hf_secret";
        assertThatThrownBy(() -> fetch(null, false)).hasMessageContaining("set HF_TOKEN");
        assertThatThrownBy(() -> fetch("hf_wrong", false)).hasMessageContaining("is not for this token to read");
        hub.requests.clear();
        fetch("hf_secret", false);
        assertThat(hub.requests).filteredOn(r -> r.startsWith("hub")).allMatch(r -> r.endsWith("Bearer hf_secret"));
        assertThat(hub.requests)
                .filteredOn(r -> r.startsWith("store"))
                .isNotEmpty()
                .noneMatch(r -> r.contains("secret"));
    }

    @Test
    void aProxyIsAskedInPlaceOfTheHub() {
        // the stub plays the proxy: a request by proxy names the host, which does not exist
        HubSettings settings = new HubSettings(
                URI.create("http://hub.invalid"),
                cache(),
                null,
                false,
                ProxySelector.of(InetSocketAddress.createUnresolved(
                        "localhost", hub.uri().getPort())),
                patience);
        hub.files.put("model.safetensors.index.json", "{}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> new HubFetch(settings, Progress.SILENT).fetch(new HubName("org/other")))
                .hasMessageContaining("is not on the hub (http://hub.invalid)");
        assertThat(hub.requests).singleElement().asString().contains("/api/models/org/other/revision/main");
    }

    @Test
    void aModelThatIsNotThereOrHasPicklesOnlyIsTold() {
        assertThatThrownBy(() -> new HubFetch(
                                new HubSettings(hub.uri(), cache(), null, false, null, patience), Progress.SILENT)
                        .fetch(new HubName("org/none")))
                .hasMessageContaining("org/none: the model is not on the hub");
        hub.files.remove("model.safetensors");
        assertThatThrownBy(() -> fetch(null, false)).hasMessageContaining("pickles can run code");
        assertThatThrownBy(() -> new HubName("../../etc")).isInstanceOf(UserException.class);
    }

    @Test
    void aHubThatCannotBeReachedIsToldInOneSentence() {
        hub.close();
        assertThatThrownBy(() -> fetch(null, false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("cannot be fetched from http://127.0.0.1")
                .hasMessageContaining("try again");
    }
}
