package org.dti4j.distribute;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.dti4j.problem.Refusal;

/** What strangers say to a peer, as Jazzer makes it up ({@code scripts/fuzz HANDSHAKE}): it is understood, or no peer's. */
public final class HandshakeFuzz {
    private HandshakeFuzz() {}

    /** Called by Jazzer. */
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        boolean answer = data.length > 0 && data[0] == 1;
        byte[] rest = data.length == 0 ? data : Arrays.copyOfRange(data, 1, data.length);
        Refusal.orSuccess(() -> {
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(rest));
            try {
                if (answer) {
                    Hello.Answer.read(in);
                } else {
                    Hello.read(in);
                }
            } catch (IOException e) {
                // a stranger, who is hung up on
            }
        });
    }

    /** Writes what Jazzer begins with. Arguments: the target, a folder. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[1]));
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        hello.write(0);
        new Hello(1, 2, 4000, "fingerprint").write(new DataOutputStream(hello));
        Files.write(folder.resolve("seed-hello"), hello.toByteArray());
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.write(1);
        InetSocketAddress next = new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 4000);
        new Hello.Answer(next, Secret.draw()).write(new DataOutputStream(answer));
        Files.write(folder.resolve("seed-answer"), answer.toByteArray());
    }
}
