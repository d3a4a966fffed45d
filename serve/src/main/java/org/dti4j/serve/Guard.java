package org.dti4j.serve;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who may ask. */
final class Guard {
    /** What anybody may see: that the server lives, and a page without data. */
    private static final Set<String> OPEN = Set.of("/", "/healthz", "/readyz", "/page.js", "/page.css");

    private static final String SCHEME = "Bearer ";

    private final byte @Nullable [] token;
    private final boolean trustsThisMachine;

    Guard(Listening config) {
        String secret = config.token();
        token = secret == null ? null : secret.getBytes(StandardCharsets.UTF_8);
        trustsThisMachine = config.trustsThisMachine();
    }

    void check(Context context) {
        if (trustsThisMachine) {
            checkHost(context.header("Host"));
        }
        if (token == null
                && context.path().startsWith("/v1/admin/")
                && !isThisMachine(context.req().getRemoteAddr())) {
            throw new Problem(403, "Forbidden", "without a token, only this machine may ask for this");
        }
        if (token != null && !OPEN.contains(context.path()) && !holds(context.header("Authorization"), token)) {
            context.header("WWW-Authenticate", "Bearer");
            throw new Problem(401, "Unauthorized", "Authorization must be Bearer and the server's token");
        }
    }

    private static boolean isThisMachine(String address) {
        try {
            return InetAddress.getByName(address).isLoopbackAddress(); // an address: no name is looked up
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** In a time that does not depend on where they differ. */
    private static boolean holds(@Nullable String authorization, byte[] token) {
        return authorization != null
                && authorization.startsWith(SCHEME)
                && MessageDigest.isEqual(
                        authorization.substring(SCHEME.length()).getBytes(StandardCharsets.UTF_8), token);
    }

    /** A page of another site whose name was made to point here must not read the answers of an open loopback port. */
    private static void checkHost(@Nullable String host) {
        String name = host == null ? "" : host.replaceFirst(":\\d+$", "");
        if (!(name.equals("localhost") || name.equals("[::1]") || name.matches("127(\\.\\d{1,3}){3}"))) {
            throw new Problem(403, "Forbidden", "Host must be this machine's own name: localhost or 127.0.0.1");
        }
    }
}
