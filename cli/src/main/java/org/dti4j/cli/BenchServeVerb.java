package org.dti4j.cli;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.dti4j.cli.load.Faults;
import org.dti4j.cli.load.Load;
import org.dti4j.cli.load.LoadGenerator;
import org.dti4j.cli.load.Queries;
import org.dti4j.cli.load.ServeBenchmark;
import org.dti4j.cli.load.ServerProcess;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.Table;
import org.dti4j.data.Item;
import org.dti4j.problem.UserException;
import org.dti4j.run.ClickScorer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A server under load, and under faults. */
@Command(
        name = "serve",
        description = {
            "Starts dti serve as a process of its own and asks it over loopback: for 1 and 100 candidates of stored users, whose keys and "
                    + "values it keeps, and of histories that it has not seen. Then, with --peer, a Python server for the same token ids.",
            "",
            "With --faults: 2,000 malformed or oversized requests, 200 clients that do not finish their request, 500 connections that are "
                    + "reset, and 400 clients that ask again at once for --overload seconds; answers are compared with those at rest."
        },
        footer = {
            "  dti bench serve runs/dti",
            "  dti bench serve runs/dti --faults --overload 300",
            "  dti bench serve runs/smol --python PYTHON --peer scripts/peer_serve.py --checkpoint exported"
        })
final class BenchServeVerb extends Verb {
    private static final int MANY = 100; // candidates of a request under faults

    @Parameters(paramLabel = "RUN", description = "Folder of a finished run.")
    private Path run;

    @Option(
            names = "--seconds",
            defaultValue = "10",
            description = "Seconds that each measure takes (default: ${DEFAULT-VALUE}).")
    private int seconds = 10;

    @Option(
            names = "--clients",
            defaultValue = "4",
            description = "Clients that ask at the same time (default: ${DEFAULT-VALUE}).")
    private int clients = 4;

    @Option(
            names = "--candidates",
            paramLabel = "COUNTS",
            split = ",",
            defaultValue = "1,100",
            description = "Candidates of a request, one row for each count (default: ${DEFAULT-VALUE}).")
    private List<Integer> candidates = List.of(1, MANY);

    @Option(
            names = "--timeout",
            defaultValue = "60",
            description = "Seconds after which the server gives a request up (default: ${DEFAULT-VALUE}).")
    private int timeout = 60;

    @Option(
            names = "--catalogue-size",
            paramLabel = "SIZE",
            defaultValue = "1GiB",
            description = "As of dti serve: 0B for items that are computed for each user (default: ${DEFAULT-VALUE}).")
    private String catalogueSize = "1GiB";

    @Option(
            names = "--catalogue",
            paramLabel = "FOLDER",
            description = "As of dti serve: what another start left there is found.")
    private @Nullable Path catalogue;

    @Option(names = "--faults", description = "Also what broken, slow, gone and too many clients do.")
    private boolean faults;

    @Option(names = "--overload", defaultValue = "30", description = "Seconds of overload (default: ${DEFAULT-VALUE}).")
    private int overload = 30;

    @Option(names = "--python", paramLabel = "FILE", description = "A Python with what the peer needs.")
    private @Nullable Path python;

    @Option(names = "--peer", paramLabel = "FILE", description = "A Python server to compare with.")
    private @Nullable Path peer;

    @Option(
            names = "--checkpoint",
            paramLabel = "FOLDER",
            description = "What the peer loads: dti export RUN --merged --output FOLDER.")
    private @Nullable Path checkpoint;

    BenchServeVerb(Console console) {
        super(console);
    }

    private record Row(String name, int candidates, Load load) {}

    private record Report(List<Row> rows, Faults.@Nullable Report faults, long residentBytes) {}

    @Override
    Result run() {
        if ((python == null) != (peer == null) || (python == null) != (checkpoint == null)) {
            throw new UserException("dti bench serve: --python, --peer and --checkpoint go together");
        }
        if (seconds < 1 || clients < 1 || overload < 1 || candidates.stream().anyMatch(count -> count < 1)) {
            throw new UserException("--seconds, --clients, --candidates and --overload must be >= 1");
        }
        try (ClickScorer scorer = ScoringRun.open(run, console().progress())) {
            Queries queries = new Queries(scorer.items().stream().map(Item::id).toList(), scorer.context());
            Report report = ours(queries);
            List<Row> rows = new ArrayList<>(report.rows());
            rows.addAll(peers(queries, scorer));
            Report whole = new Report(rows, report.faults(), report.residentBytes());
            return Result.done(whole, text(whole));
        }
    }

    private ServeBenchmark benchmark(LoadGenerator load, Queries queries) {
        return new ServeBenchmark(load, queries, clients, Duration.ofSeconds(seconds));
    }

    private Report ours(Queries queries) {
        try (ServerProcess server = ServerProcess.start(command(), Map.of())) {
            LoadGenerator load = new LoadGenerator(server.address());
            ServeBenchmark benchmark = benchmark(load, queries);
            List<Row> rows = new ArrayList<>();
            for (int count : candidates) {
                rows.add(told(new Row("kept", count, benchmark.cached(count))));
                rows.add(told(new Row("not seen before", count, benchmark.uncached(count))));
            }
            Faults.Report broken = faults
                    ? new Faults(load, server::residentBytes, benchmark.ofStoredUsers(MANY))
                            .run(clients, Duration.ofSeconds(seconds), Duration.ofSeconds(overload))
                    : null;
            return new Report(rows, broken, server.residentBytes());
        }
    }

    /** This program, with another verb. */
    private List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("serve", run.toString(), "--port", "0", "--timeout", Integer.toString(timeout)));
        command.addAll(List.of("--catalogue-size", catalogueSize));
        if (catalogue != null) {
            command.addAll(List.of("--catalogue", catalogue.toString()));
        }
        return command;
    }

    private List<Row> peers(Queries queries, ClickScorer scorer) {
        if (python == null || peer == null || checkpoint == null) {
            return List.of();
        }
        List<String> command = List.of(python.toString(), peer.toString(), checkpoint.toString());
        try (ServerProcess server = ServerProcess.start(command, Map.of())) {
            LoadGenerator load = new LoadGenerator(server.address());
            List<Row> rows = new ArrayList<>();
            for (int count : candidates) {
                rows.add(
                        told(new Row("the peer", count, benchmark(load, queries).peer(load, scorer, count))));
            }
            return rows;
        }
    }

    private Row told(Row row) {
        console()
                .err()
                .printf(
                        Locale.ROOT,
                        "%s, %d candidates: %.1f requests/s%n",
                        row.name(),
                        row.candidates(),
                        row.load().perSecond());
        return row;
    }

    private static String text(Report report) {
        Table table = Table.of("history", "candidates", "requests/s", "candidates/s", "p50 ms", "p99 ms", "not 200");
        for (Row row : report.rows()) {
            cells(table, row.name(), row.candidates(), row.load());
        }
        Faults.Report faults = report.faults();
        if (faults != null) {
            cells(table, "kept, beside slow clients", MANY, faults.besideSlow());
            cells(table, "kept, after resets", MANY, faults.afterAborted());
            cells(table, "kept, overload", MANY, faults.overload());
        }
        return table
                + (faults == null ? "" : text(faults))
                + String.format(
                        Locale.ROOT, "%nresident memory of the server: %.2f GiB%n", gib(report.residentBytes()));
    }

    private static void cells(Table table, String name, int candidates, Load load) {
        table.row(
                name,
                Integer.toString(candidates),
                String.format(Locale.ROOT, "%.1f", load.perSecond()),
                String.format(Locale.ROOT, "%.0f", load.perSecond() * candidates),
                String.format(Locale.ROOT, "%.1f", load.p50()),
                String.format(Locale.ROOT, "%.1f", load.p99()),
                Long.toString(load.statuses().values().stream()
                                .mapToLong(Long::longValue)
                                .sum()
                        - load.count(200)));
    }

    private static String text(Faults.Report faults) {
        long wrong = faults.besideSlow().wrong()
                + faults.afterAborted().wrong()
                + faults.overload().wrong();
        return String.format(
                Locale.ROOT,
                "%nmalformed requests were answered: %s%noverload: %s, offered %.1f times what was answered; wrong answers: %d%n"
                        + "resident memory before and after the overload: %.3f, %.3f GiB%n",
                faults.malformed(),
                faults.overload().statuses(),
                faults.offered(),
                wrong,
                gib(faults.residentBefore()),
                gib(faults.residentAfter()));
    }

    private static double gib(long bytes) {
        return bytes / (double) (1L << 30);
    }
}
