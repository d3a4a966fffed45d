package org.dti4j.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.dti4j.cli.terminal.Console;
import org.dti4j.serve.ScoringServer;
import org.dti4j.serve.ServeConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A run behind HTTP. */
@Command(
        name = "serve",
        description = {
            "Answers over HTTP how likely a user likes an item, and shows it on a page; docs/scoring.md and /openapi.json say how to ask.",
            "",
            "Listens on this machine alone. Another address needs a token, of 16 characters or more, in the variable DTI_SERVE_TOKEN "
                    + "(clients send Authorization: Bearer TOKEN), or --insecure. Ctrl-C stops: what was accepted is answered."
        },
        footer = {
            "  dti serve runs/dti",
            "  curl -H 'Content-Type: application/json' -d '{\"history\": [], \"candidates\": [\"1\", \"2\"]}' 127.0.0.1:8080/v1/score"
        })
final class ServeVerb extends Verb {
    private static final long LOOK_MILLIS = 100;

    private final CtrlC ctrlC;
    private final @Nullable String token;

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

    /** @param token of the environment, null or empty for none */
    ServeVerb(Console console, CtrlC ctrlC, @Nullable String token) {
        super(console);
        this.ctrlC = ctrlC;
        this.token = token == null || token.isEmpty() ? null : token;
    }

    @Override
    Result run() throws InterruptedException {
        ServeConfig config = ServeConfig.defaults().at(host, port, token, insecure);
        BooleanSupplier interruption = ctrlC.watch("Stopping when what was accepted is answered");
        try (ScoringServer server =
                ScoringServer.start(config, () -> ScoringRun.open(run, console().progress()))) {
            console().err().printf("%s answers at http://%s:%d/%n", run, host, server.port());
            while (!interruption.getAsBoolean()) {
                Thread.sleep(LOOK_MILLIS);
            }
        }
        return Result.done(Map.of("stopped", true), "");
    }
}
