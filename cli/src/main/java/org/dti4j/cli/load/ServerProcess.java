package org.dti4j.cli.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.dti4j.problem.UserException;

/** A server as a process of its own, which says {@code http://127.0.0.1:PORT} when it listens. */
public final class ServerProcess implements AutoCloseable {
    private static final Pattern SAYS = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final long STOP_SECONDS = 40;

    private final Process process;
    private final URI address;

    private ServerProcess(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /** @throws UserException if it ends without having listened */
    public static ServerProcess start(List<String> command, Map<String, String> environment) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().putAll(environment);
            Process process = builder.start();
            BufferedReader said = process.inputReader();
            StringBuilder all = new StringBuilder();
            for (String line = said.readLine(); line != null; line = said.readLine()) {
                all.append(line).append('\n');
                Matcher found = SAYS.matcher(line);
                if (found.find()) {
                    drain(said);
                    return new ServerProcess(process, URI.create(found.group()));
                }
            }
            throw new UserException("%s ended before it listened:%n%s".formatted(String.join(" ", command), all));
        } catch (IOException e) {
            throw new UserException("%s: cannot be run (%s)".formatted(command.get(0), e.getMessage()), e);
        }
    }

    /** So that it never waits for a reader. */
    private static void drain(BufferedReader said) {
        Thread thread = new Thread(
                () -> {
                    try (said) {
                        said.transferTo(Writer.nullWriter());
                    } catch (IOException e) {
                        // the process has ended
                    }
                },
                "dti4j-drain");
        thread.setDaemon(true);
        thread.start();
    }

    public long pid() {
        return process.pid();
    }

    public URI address() {
        return address;
    }

    /** Memory that it holds, in bytes; 0 where the system does not say. */
    public long residentBytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try (Stream<String> lines = Files.exists(status) ? Files.lines(status) : Stream.empty()) {
            Optional<Matcher> found =
                    lines.map(RESIDENT::matcher).filter(Matcher::matches).findFirst();
            return found.map(match -> 1024 * Long.parseLong(match.group(1))).orElse(0L);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks it to stop, and ends it if it does not. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
