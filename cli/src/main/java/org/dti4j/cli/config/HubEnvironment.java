package org.dti4j.cli.config;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dti4j.hub.HubCache;
import org.dti4j.hub.HubSettings;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * The variables by which Hugging Face's own tools are set: {@code HF_HUB_CACHE}, {@code HF_HOME}, {@code HF_TOKEN}, {@code HF_ENDPOINT},
 * {@code HF_HUB_OFFLINE}; and {@code HTTPS_PROXY}, {@code HTTP_PROXY}, {@code NO_PROXY}.
 *
 * @param variables of the process
 * @param home of the user
 */
public record HubEnvironment(Map<String, String> variables, Path home) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Those of this process. */
    public static HubEnvironment ofProcess() {
        return new HubEnvironment(System.getenv(), Path.of(System.getProperty("user.home", "")));
    }

    private String value(String name) {
        return variables.getOrDefault(name, "").strip();
    }

    private String either(String name) {
        String upper = value(name);
        return upper.isEmpty() ? value(name.toLowerCase(Locale.ROOT)) : upper;
    }

    private Path hubHome() {
        if (!value("HF_HOME").isEmpty()) {
            return Path.of(value("HF_HOME"));
        }
        String caches = value("XDG_CACHE_HOME");
        return (caches.isEmpty() ? home.resolve(".cache") : Path.of(caches)).resolve("huggingface");
    }

    public HubCache cache() {
        String named = value("HF_HUB_CACHE");
        return new HubCache((named.isEmpty() ? hubHome().resolve("hub") : Path.of(named)).toAbsolutePath());
    }

    /** All settings; mistakes among the variables are told here. */
    public HubSettings settings() {
        String endpoint = value("HF_ENDPOINT").isEmpty() ? "https://huggingface.co" : value("HF_ENDPOINT");
        URI uri = uri("HF_ENDPOINT", endpoint);
        boolean offline = List.of("1", "ON", "YES", "TRUE")
                .contains(value("HF_HUB_OFFLINE").toUpperCase(Locale.ROOT));
        return new HubSettings(uri, cache(), token(), offline, proxy("https".equals(uri.getScheme())), PATIENCE);
    }

    /** Where the tools' own log-in leaves it, unless a variable says it. */
    private @Nullable String token() {
        if (!value("HF_TOKEN").isEmpty()) {
            return sayable(value("HF_TOKEN"), "HF_TOKEN");
        }
        Path file = value("HF_TOKEN_PATH").isEmpty() ? hubHome().resolve("token") : Path.of(value("HF_TOKEN_PATH"));
        try {
            String token = Files.isRegularFile(file) ? Files.readString(file).strip() : "";
            return token.isEmpty() ? null : sayable(token, file.toString());
        } catch (IOException e) {
            throw new UserException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** A header can say it; the problem does not, since a token is a secret. */
    private static String sayable(String token, String from) {
        if (token.chars().anyMatch(each -> each <= ' ' || each > '~')) {
            throw new UserException(
                    "%s: has a blank, a line break or a letter beyond ASCII, must be a token as the hub shows it"
                            .formatted(from));
        }
        return token;
    }

    private static URI uri(String name, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new UserException("%s = %s, must be a URL".formatted(name, text), e);
        }
    }

    private @Nullable ProxySelector proxy(boolean secure) {
        String name = secure ? "HTTPS_PROXY" : "HTTP_PROXY";
        String text = either(name).isEmpty() ? either("ALL_PROXY") : either(name);
        if (text.isEmpty()) {
            return null;
        }
        URI uri = uri(name, text.contains("://") ? text : "http://" + text);
        if (uri.getHost() == null || uri.getUserInfo() != null || !"http".equals(uri.getScheme())) {
            throw new UserException(
                    "%s must be of the form http://host:port; passwords and other kinds of proxy are not supported"
                            .formatted(name));
        }
        InetSocketAddress address =
                InetSocketAddress.createUnresolved(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
        return new Except(
                new Proxy(Proxy.Type.HTTP, address), List.of(either("NO_PROXY").split("[,\\s]+")));
    }

    /** A proxy for all hosts but those named, and their subdomains. */
    private static final class Except extends ProxySelector {
        private final Proxy proxy;
        private final List<String> direct;

        Except(Proxy proxy, List<String> direct) {
            this.proxy = proxy;
            this.direct = direct;
        }

        @Override
        public List<Proxy> select(URI uri) {
            String host = uri.getHost().toLowerCase(Locale.ROOT);
            boolean named = direct.stream()
                    .map(name -> name.toLowerCase(Locale.ROOT).replaceFirst("^\\.", ""))
                    .anyMatch(name ->
                            !name.isEmpty() && (name.equals("*") || host.equals(name) || host.endsWith("." + name)));
            return List.of(named ? Proxy.NO_PROXY : proxy);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    }
}
