package org.dti4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.dti4j.cli.terminal.Console;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.dti4j.run.ItemStates;
import org.dti4j.run.Kept;
import org.dti4j.serve.Listening;
import org.dti4j.serve.ScoringServer;
import org.dti4j.serve.ServeConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A run behind HTTP. */
@Command(
        name = "serve",
        description = {
            "Answers over HTTP how likely a user likes an item, and shows it on a page; docs/scoring.md and /openapi.json say how to ask.",
            "",
            "SIGHUP opens the run folder again and drops no request.",
            "",
            "Listens on this machine alone. Another address needs a token, of 16 characters or more, in the variable DTI_SERVE_TOKEN "
                    + "(clients send Authorization: Bearer TOKEN), or --insecure. Ctrl-C stops: what was accepted is answered."
        },
        footer = {
            "  dti serve runs/dti",
            "  dti serve runs/isolated --catalogue items --catalogue-size 4GiB",
            "  dti serve runs/dti --users users.mv --keystore server.p12 --keystore-password-file secret",
            "  curl -H 'Content-Type: application/json' -d '{\"history\": [], \"candidates\": [\"1\", \"2\"]}' 127.0.0.1:8080/v1/score"
        })
final class ServeVerb extends Verb {
    private static final String KEYSTORE_PASSWORD = "DTI_SERVE_KEYSTORE_PASSWORD";
    private static final long LOOK_MILLIS = 100;

    private final CtrlC ctrlC;
    private final Map<String, String> environment;

    @Parameters(paramLabel = "RUN", description = "Folder of a finished run.")
    private Path run;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to listen on, 0 for any (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(names = "--insecure", description = "Let anybody who reaches the address ask, without a token.")
    private boolean insecure;

    @Option(
            names = "--cache",
            paramLabel = "SIZE",
            defaultValue = "1GiB",
            description =
                    "Keys and values of histories that are kept between requests, 0B for none (default: ${DEFAULT-VALUE}).")
    private String cache = "1GiB";

    @Option(
            names = "--catalogue",
            paramLabel = "FOLDER",
            description =
                    "Keeps there what is computed of items, across restarts, for runs whose items do not see each other "
                            + "(dti-isolated); of this process alone (default: memory alone).")
    private @Nullable Path catalogue;

    @Option(
            names = "--catalogue-size",
            paramLabel = "SIZE",
            defaultValue = "1GiB",
            description = "Of what is kept of items, at most, 0B for nothing (default: ${DEFAULT-VALUE}).")
    private String catalogueSize = "1GiB";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "After which a request is answered that it took too long (default: ${DEFAULT-VALUE}).")
    private int timeout = 10;

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description = "File to keep users' histories in: what was acknowledged survives (default: memory alone).")
    private @Nullable Path users;

    @Option(
            names = "--keystore",
            paramLabel = "FILE",
            description = "Answers by HTTPS with the key of this PKCS #12 file, "
                    + "whose password is in the variable DTI_SERVE_KEYSTORE_PASSWORD or in a file.")
    private @Nullable Path keystore;

    @Option(
            names = "--keystore-password-file",
            paramLabel = "FILE",
            description = "Holds the keystore's password on its first line.")
    private @Nullable Path passwordFile;

    @Mixin
    private ModelOverrides elsewhere;

    /** @param environment the process's variables */
    ServeVerb(Console console, CtrlC ctrlC, Map<String, String> environment) {
        super(console);
        this.ctrlC = ctrlC;
        this.environment = environment;
    }

    @Override
    Result run() throws InterruptedException {
        ServeConfig config = ServeConfig.defaults()
                .withListening(listening())
                .withTimeout(Duration.ofSeconds(timeout))
                .withStore(users);
        long cacheBytes = ByteSize.parse("--cache", cache);
        BooleanSupplier interruption = ctrlC.watch("Stopping when what was accepted is answered");
        try (ItemStates items = items();
                ScoringServer server = ScoringServer.start(config, () -> open(new Kept(cacheBytes, items)));
                Hangup hangup = Hangup.calls(() -> reload(server))) {
            console()
                    .err()
                    .printf(
                            "%s answers at %s://%s:%d/%n",
                            run, keystore == null ? "http" : "https", host, server.port());
            while (!interruption.getAsBoolean()) {
                Thread.sleep(LOOK_MILLIS);
            }
        }
        return Result.done(Map.of("stopped", true), "");
    }

    private ItemStates items() {
        long bytes = ByteSize.parse("--catalogue-size", catalogueSize);
        return catalogue == null
                ? ItemStates.inMemory(bytes)
                : ItemStates.in(catalogue, bytes, note -> console().err().println(note));
    }

    private ClickScorer open(Kept kept) {
        ClickScorer scorer =
                ScoringRun.open(run, elsewhere.given(), kept, console().progress());
        if (catalogue != null && !scorer.sharesItems()) {
            console()
                    .err()
                    .printf(
                            "--catalogue is not used: what %s computes of an item depends on the user (method = %s)%n",
                            run, scorer.config().method().name());
        }
        return scorer;
    }

    /** If the new model cannot be opened, the old one goes on. */
    private void reload(ScoringServer server) {
        try {
            server.reload();
            console().err().printf("%s is open anew%n", run);
        } catch (UserException e) {
            console().err().printf("%s stays as it was: %s%n", run, e.getMessage());
        }
    }

    private Listening listening() {
        String token = environment.getOrDefault("DTI_SERVE_TOKEN", "");
        return new Listening(
                host,
                port,
                token.isEmpty() ? null : token,
                insecure,
                keystore == null ? null : new Listening.Keystore(keystore, password()));
    }

    private String password() {
        if (passwordFile == null) {
            return Optional.ofNullable(environment.get(KEYSTORE_PASSWORD))
                    .orElseThrow(() -> new UserException(
                            "--keystore needs its password, in the variable %s or by --keystore-password-file"
                                    .formatted(KEYSTORE_PASSWORD)));
        }
        try (Stream<String> lines = Files.lines(passwordFile)) {
            return lines.findFirst().orElse("");
        } catch (IOException e) {
            throw FileFailure.unreadable(passwordFile, e);
        }
    }
}
