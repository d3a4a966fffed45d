package org.dti4j.hub;

import java.net.ProxySelector;
import java.net.URI;
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
 */
public record HubSettings(
        URI endpoint,
        HubCache cache,
        @Nullable String token,
        boolean offline,
        @Nullable ProxySelector proxy) {
    public HubSettings {
        if (endpoint.getHost() == null
                || !("https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme()))) {
            throw new UserException(
                    "HF_ENDPOINT = %s, must be a URL such as https://huggingface.co".formatted(endpoint));
        }
    }
}
