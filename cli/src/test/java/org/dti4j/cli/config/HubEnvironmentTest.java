package org.dti4j.cli.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.dti4j.hub.HubSettings;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HubEnvironmentTest {
    @TempDir
    private Path home;

    private HubSettings settings(Map<String, String> variables) {
        return new HubEnvironment(variables, home).settings();
    }

    @Test
    void theCacheIsWhereHuggingFacesOwnToolsLook() {
        assertThat(settings(Map.of()).cache().folder()).isEqualTo(home.resolve(".cache/huggingface/hub"));
        assertThat(settings(Map.of("XDG_CACHE_HOME", "/x")).cache().folder()).isEqualTo(Path.of("/x/huggingface/hub"));
        assertThat(settings(Map.of("HF_HOME", "/h", "XDG_CACHE_HOME", "/x"))
                        .cache()
                        .folder())
                .isEqualTo(Path.of("/h/hub"));
        assertThat(settings(Map.of("HF_HOME", "/h", "HF_HUB_CACHE", "/c"))
                        .cache()
                        .folder())
                .isEqualTo(Path.of("/c"));
    }

    @Test
    void theTokenIsThatOfTheVariableOrOfTheLogIn() throws IOException {
        assertThat(settings(Map.of()).token()).isNull();
        Files.writeString(
                Files.createDirectories(home.resolve(".cache/huggingface")).resolve("token"), "hf_file\n");
        assertThat(settings(Map.of()).token()).isEqualTo("hf_file");
        assertThat(settings(Map.of("HF_TOKEN", "hf_variable")).token()).isEqualTo("hf_variable");
    }

    @Test
    void aTokenThatNoHeaderCanSayIsToldWithoutSayingIt() throws IOException {
        for (String token : List.of("hf_se\ncret", "hf_se cret", "hf_s\u00e9cret")) {
            assertThatThrownBy(() -> settings(Map.of("HF_TOKEN", token)))
                    .isInstanceOf(UserException.class)
                    .hasMessageStartingWith("HF_TOKEN: has a blank")
                    .hasMessageNotContaining("cret");
        }
        Path file = Files.writeString(home.resolve("log-in"), "hf_se\ncret\n");
        assertThatThrownBy(() -> settings(Map.of("HF_TOKEN_PATH", file.toString())))
                .isInstanceOf(UserException.class)
                .hasMessageStartingWith(file + ": has a blank")
                .hasMessageNotContaining("cret");
    }

    @Test
    void offlineEndpointAndProxyAreUnderstood() {
        assertThat(settings(Map.of()).offline()).isFalse();
        assertThat(settings(Map.of("HF_HUB_OFFLINE", "1")).offline()).isTrue();
        assertThat(settings(Map.of("HF_ENDPOINT", "http://mirror:8080")).endpoint())
                .isEqualTo(URI.create("http://mirror:8080"));
        var proxy = Objects.requireNonNull(
                settings(Map.of("HTTPS_PROXY", "http://proxy:3128", "NO_PROXY", "localhost,.inner.net"))
                        .proxy());
        assertThat(proxy.select(URI.create("https://huggingface.co")))
                .singleElement()
                .asString()
                .contains("proxy", "3128");
        assertThat(proxy.select(URI.create("https://hub.inner.net"))).containsExactly(Proxy.NO_PROXY);
    }

    @Test
    void wrongVariablesAreTheUsersMistake() {
        assertThatThrownBy(() -> settings(Map.of("HF_ENDPOINT", "huggingface")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("HF_ENDPOINT = huggingface, must be a URL");
        assertThatThrownBy(() -> settings(Map.of("HTTPS_PROXY", "http://me:secret@proxy:1")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("passwords")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    }
}
