package org.dti4j.serve;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, and who may ask.
 *
 * @param host an address or name; anything but loopback needs {@code token} or {@code insecure}
 * @param port 0 for any that is free
 * @param token what clients must send as {@code Authorization: Bearer …}; null for none
 * @param insecure whether anybody who reaches another address may ask
 * @param keystore the server's key and certificate; null for plain HTTP
 */
public record Listening(
        String host,
        int port,
        @Nullable String token,
        boolean insecure,
        @Nullable Keystore keystore) {
    private static final int SHORTEST_TOKEN = 16;

    public Listening {
        Problems.in("serve")
                .require(port >= 0 && port < 1 << 16, "port", port, "in [0, 65535]")
                .require(
                        token == null || token.length() >= SHORTEST_TOKEN,
                        "token",
                        "…",
                        "of " + SHORTEST_TOKEN + " characters or more")
                .require(
                        isLoopback(host) || token != null || insecure,
                        "host",
                        host,
                        "a loopback address such as 127.0.0.1, unless DTI_SERVE_TOKEN sets a token or --insecure lets anybody ask")
                .throwIfAny();
    }

    /**
     * A PKCS #12 or JKS file.
     *
     * @param password of the file and of its key
     */
    public record Keystore(Path file, String password) {
        @Override
        public String toString() {
            return "Keystore[" + file + "]"; // the password must not reach a log
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether only programs of this machine can ask, and no token keeps web pages in its browsers from doing so. */
    boolean trustsThisMachine() {
        return token == null && !insecure;
    }
}
