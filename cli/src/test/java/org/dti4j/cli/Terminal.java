package org.dti4j.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.dti4j.cli.terminal.Console;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs the program in this process and keeps what the last run wrote. */
final class Terminal {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Console console = new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            false);

    Console console() {
        return console;
    }

    Program program() {
        return new Program(console, new CtrlC(console.err()));
    }

    int run(String... arguments) {
        out.reset();
        err.reset();
        CtrlC ctrlC = new CtrlC(console.err());
        try {
            return new Program(console, ctrlC).run(arguments);
        } finally {
            ctrlC.finished(ExitStatus.DONE);
        }
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** The last line of standard output. */
    JsonNode json() {
        List<String> lines = out().lines().toList();
        return JsonMapper.shared().readTree(lines.get(lines.size() - 1));
    }
}
