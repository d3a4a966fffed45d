package org.dti4j.hub;

import java.net.ProxySelector;
import java.net.URI;
import java.time.Duration;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;

/**
 * How the hub is reached.
 *
 * @param endpoint for instance {@code https://huggingface.co}
 * @param cache where models lie
 * @param token for models that not everybody may read, or null; sent to the endpoint's host alone
 * @param offline whether the network must not be used
 * @param proxy null for none
 * @param patience for how long nothing may come before a request is tried again
 */
public record HubSettings(
        URI endpoint,
        HubCache cache,
        @Nullable String token,
        boolean offline,
        @Nullable ProxySelector proxy,
        Duration patience) {
    public HubSettings {
        if (endpoint.getHost() == null
                || !("https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme()))) {
            throw new UserException(
                    "HF_ENDPOINT = %s, must be a URL such as https://huggingface.co".formatted(endpoint));
        }
    }
}
