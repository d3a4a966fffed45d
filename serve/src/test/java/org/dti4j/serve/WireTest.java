package org.dti4j.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.TinyRun;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What clients do to connections: leave, dawdle, encrypt. */
final class WireTest {
    private static final String BODY = "{\"history\": [], \"candidates\": [\"i1\"]}";
    private static final String PASSWORD = "of the test";

    @TempDir
    private static Path folder;

    private static Path run;

    @BeforeAll
    static void train() {
        run = folder.resolve("run");
        TinyRun.train(run);
    }

    private static ScoringServer server(long gatherMillis, String host, boolean insecure) {
        return server(gatherMillis, new Listening(host, 0, null, insecure, null));
    }

    private static ScoringServer server(long gatherMillis, Listening listening) {
        Supplier<ClickScorer> opener = () -> ClickScorer.load(run, System::nanoTime);
        return ScoringServer.start(
                ServeConfig.defaults()
                        .withListening(listening)
                        .withBatching(new ServeConfig.Batching(
                                100, 500, Duration.ofMillis(gatherMillis), Duration.ofSeconds(10))),
                opener);
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        socket.getOutputStream().flush();
    }

    private static String request(int length, String body) {
        return "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                .formatted(length, body);
    }

    @Test
    void aRequestWhoseClientHasLeftIsNotScored() throws Exception {
        try (ScoringServer server = server(400, "127.0.0.1", false)) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                write(socket, request(BODY.length(), BODY));
                Thread.sleep(100); // it is in the queue
            }
            assertThat(metricWithin(server, "dti_requests_seconds_count{route=\"/v1/score\",status=\"499\"}", 1))
                    .isTrue();
            assertThat(Client.of(server).get("/metrics").body()).contains("dti_batch_requests_count 0");
        }
    }

    private static boolean metricWithin(ScoringServer server, String name, int value) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            if (Client.of(server).get("/metrics").body().contains(name + " " + value)) {
                return true;
            }
            Thread.sleep(50);
        }
        return false;
    }

    @Test
    void whatAClientSendsWhileItWaitsIsNotLost() throws Exception {
        try (ScoringServer server = server(300, "127.0.0.1", false);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(5000);
            write(socket, request(BODY.length(), BODY));
            Thread.sleep(100);
            write(socket, request(BODY.length(), BODY));
            write(socket, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String answers = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answers.split("HTTP/1.1 200 OK", -1)).as(answers).hasSize(1 + 3);
            assertThat(answers).endsWith("{\"live\":true}");
        }
    }

    @Test
    void clientsThatSendSlowlyHoldUpNobody() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try (ScoringServer server = server(1, "127.0.0.1", false)) {
            for (int i = 0; i < 150; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                write(socket, request(BODY.length(), BODY.substring(0, 10)));
                slow.add(socket);
            }
            Thread.sleep(200);
            HttpRequest quick = Client.of(server).posting("/v1/score", BODY);
            assertThat(HttpClient.newHttpClient()
                            .sendAsync(quick, BodyHandlers.ofString())
                            .get(5, TimeUnit.SECONDS)
                            .statusCode())
                    .isEqualTo(200);
            slow.get(140).setSoTimeout(5000);
            write(slow.get(140), BODY.substring(10));
            assertThat(new String(slow.get(140).getInputStream().readNBytes(15), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 200 OK");
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    @Test
    void withAKeystoreItAnswersByHttps() throws Exception {
        Path keystore = keystore();
        try (ScoringServer server =
                server(1, new Listening("127.0.0.1", 0, null, false, new Listening.Keystore(keystore, PASSWORD)))) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting(keystore)).build();
            URI address = URI.create("https://127.0.0.1:%d/v1/score".formatted(server.port()));
            HttpRequest request = HttpRequest.newBuilder(address)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(BODY))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            try (Socket socket = trusting(keystore).getSocketFactory().createSocket("127.0.0.1", server.port())) {
                write(socket, request(BODY.length(), BODY));
                assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.UTF_8))
                        .isEqualTo("HTTP/1.1 200 OK");
            }
        }
    }

    @Test
    void aKeystoreThatCannotBeOpenedIsTheUsersMistake() throws Exception {
        Path keystore = keystore();
        assertThatThrownBy(() -> server(
                        1, new Listening("127.0.0.1", 0, null, false, new Listening.Keystore(keystore, "wrong"))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("--keystore")
                .hasMessageContaining("of the given password");
        Path none = folder.resolve("none.p12");
        assertThatThrownBy(() ->
                        server(1, new Listening("127.0.0.1", 0, null, false, new Listening.Keystore(none, PASSWORD))))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no such file");
    }

    private static Path keystore() throws Exception {
        Path file = folder.resolve("server.p12");
        if (!Files.exists(file)) {
            Process keytool = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "keytool")
                                    .toString(),
                            "-genkeypair",
                            "-alias",
                            "server",
                            "-keyalg",
                            "EC",
                            "-dname",
                            "CN=localhost",
                            "-ext",
                            "san=ip:127.0.0.1",
                            "-storetype",
                            "PKCS12",
                            "-storepass",
                            PASSWORD,
                            "-keystore",
                            file.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(keytool.waitFor()).as(said).isZero();
        }
        return file;
    }

    private static SSLContext trusting(Path keystore) throws Exception {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keystore)) {
            own.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", own.getCertificate("server"));
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Test
    void withoutATokenOnlyThisMachineExchangesTheModel() throws Exception {
        Optional<InetAddress> outside = address();
        Assumptions.assumeTrue(outside.isPresent(), "this machine has no address but loopback");
        try (ScoringServer server = server(1, "0.0.0.0", true)) {
            assertThat(reload(outside.get(), server)).isEqualTo(403);
            assertThat(reload(InetAddress.getLoopbackAddress(), server)).isEqualTo(200);
        }
    }

    private static Optional<InetAddress> address() throws IOException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .findFirst();
    }

    private static int reload(InetAddress address, ScoringServer server) throws Exception {
        URI to = URI.create("http://%s:%d/v1/admin/reload".formatted(address.getHostAddress(), server.port()));
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(to)
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }
}
