package org.dti4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.dti4j.cli.terminal.Console;
import org.dti4j.cli.terminal.Table;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.problem.UserException;
import org.dti4j.run.KnownModel;
import org.dti4j.run.SpeedBenchmark;
import org.dti4j.run.SpeedBenchmark.Measure;
import org.dti4j.tensor.Devices;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.PrecisionProbe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Performance against what the machine could do, and against a peer. */
@Command(
        name = "bench",
        description = {
            "Times training and scoring of a model's shape (random weights, n = 20, 20 tokens per",
            "interaction, LoRA r = 8), beside the least time at the machine's measured peak. Some minutes;",
            "give it the machine alone."
        },
        footer = {
            "  dti bench",
            "  dti bench --precision float32 --json",
            "  dti bench --device cuda --shape llama-3.1-8b --threads 1 --prompts 4",
            "  dti bench --python venv/bin/python --peer hf_peer_speed.py"
        })
final class BenchVerb extends Verb {
    @Option(names = "--precision", description = "bfloat16 or float32 (default: what is faster here).")
    private @Nullable Precision precision;

    @Option(
            names = "--shape",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).",
            defaultValue = "smollm2-135m")
    private KnownModel shape = KnownModel.SMOLLM2_135M;

    @Option(names = "--device", description = "cpu or cuda[:N] (default: ${DEFAULT-VALUE}).", defaultValue = "cpu")
    private String device = "cpu";

    @Option(
            names = "--prompts",
            paramLabel = "N",
            description =
                    "Streams of a micro-batch, and five times as many sliding windows (default: ${DEFAULT-VALUE}).",
            defaultValue = "1")
    private int prompts = 1;

    @Option(names = "--threads", paramLabel = "N", description = "Cores to use (default: all).")
    private int threads;

    @Option(names = "--python", paramLabel = "FILE", description = "A Python with what the peer needs.")
    private @Nullable Path python;

    @Option(
            names = "--peer",
            paramLabel = "FILE",
            description = "A Python program that prints its own times; run after ours, its lines are shown beside.")
    private @Nullable Path peer;

    BenchVerb(Console console) {
        super(console);
    }

    /** What was measured; times in milliseconds. */
    private record Report(
            String shape,
            String device,
            Precision precision,
            double peakGigaflops,
            List<Row> rows,
            double timeRatioAt50,
            double timeRatioAtAll,
            double costPerTokenRatio,
            long peakRssBytes,
            List<String> peer) {}

    private record Row(String name, double msPerTarget, double limitMs, double share) {}

    @Override
    Result run() {
        if ((python == null) != (peer == null)) {
            throw new UserException("dti bench: --python and --peer go together");
        }
        if (prompts < 1) {
            throw new UserException("--prompts = %d, must be >= 1".formatted(prompts));
        }
        ProcessHost host = new ProcessHost();
        Devices.require(device, "--device");
        Precision chosen = precision == null ? PrecisionProbe.faster(device, host::nanoTime) : precision;
        Placement placement = new Placement(chosen, device);
        try (SpeedBenchmark bench = new SpeedBenchmark(shape, placement, threads, host::nanoTime)) {
            say("peak");
            double peak = bench.peak();
            Method sliding = Method.named("sliding-window");
            Method stream = Method.named("dti");
            List<Measure> measures = new ArrayList<>();
            measures.add(told(bench.train("train, sliding-window", sliding, 1, 5 * prompts)));
            measures.add(told(bench.train("train, dti, k = 50", stream, 50, prompts)));
            measures.add(told(bench.train("train, dti, k = all (200)", stream.withTargets(Targets.ALL), 200, prompts)));
            measures.add(told(bench.train("train, dti-rope, k = 50", Method.named("dti-rope"), 50, prompts)));
            measures.add(told(bench.score("score, sliding-window prompt", sliding, 1)));
            measures.add(told(bench.score("score, 100 candidates of a user, each", sliding, 100)));
            measures.add(told(bench.scoreUnseen("score, dti, one candidate of a user not seen before", stream)));
            measures.add(told(bench.scoreCached("score, dti, one candidate of a cached user", stream, 1)));
            measures.add(told(bench.scoreCached("score, dti, 100 candidates of a cached user, each", stream, 100)));
            say("cost per token");
            double growth = bench.msPerToken(10_000) / bench.msPerToken(1_000);
            List<Row> rows =
                    measures.stream().map(measure -> row(measure, peak)).toList();
            Report report = new Report(
                    shape.toString(),
                    device,
                    chosen,
                    peak,
                    rows,
                    rows.get(0).msPerTarget() / rows.get(1).msPerTarget(),
                    rows.get(0).msPerTarget() / rows.get(2).msPerTarget(),
                    growth,
                    host.peakResidentBytes(),
                    peer());
            return Result.done(report, text(report));
        }
    }

    private static Row row(Measure measure, double peak) {
        double limit = measure.limit(peak);
        return new Row(measure.name(), measure.msPerTarget(), limit, limit / measure.msPerTarget());
    }

    private Measure told(Measure measure) {
        say(String.format(Locale.ROOT, "%s: %.1f ms per target", measure.name(), measure.msPerTarget()));
        return measure;
    }

    private void say(String what) {
        console().err().println(what);
    }

    private static String text(Report report) {
        Table table = Table.of("measure", "ms per target", "at peak", "share of peak");
        report.rows()
                .forEach(row -> table.row(
                        row.name(),
                        String.format(Locale.ROOT, "%.1f", row.msPerTarget()),
                        String.format(Locale.ROOT, "%.1f", row.limitMs()),
                        String.format(Locale.ROOT, "%.0f %%", 100 * row.share())));
        String peers = report.peer().isEmpty() ? "" : "\nThe peer:\n  " + String.join("\n  ", report.peer());
        return String.format(
                Locale.ROOT,
                "%s in %s on %s, peak of matrix products %.0f GFLOP/s%n%n%s%nsliding-window over dti: %.1f at k = 50, %.1f at k = all%n"
                        + "cost per token, 10,000 tokens over 1,000: %.2f%npeak resident memory: %.2f GiB%s",
                report.shape(),
                report.precision().name().toLowerCase(Locale.ROOT),
                report.device(),
                report.peakGigaflops(),
                table,
                report.timeRatioAt50(),
                report.timeRatioAtAll(),
                report.costPerTokenRatio(),
                report.peakRssBytes() / (double) (1L << 30),
                peers);
    }

    /** The lines that the peer prints. */
    private List<String> peer() {
        if (python == null || peer == null) {
            return List.of();
        }
        if (!Files.isRegularFile(peer)) {
            throw new UserException("--peer %s: no such file".formatted(peer));
        }
        say("the peer");
        try {
            Process process = new ProcessBuilder(python.toString(), peer.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            if (process.waitFor() != 0) {
                throw new UserException("--peer %s: ended with %d".formatted(peer, process.exitValue()));
            }
            return lines;
        } catch (IOException e) {
            throw new UserException("--python %s: cannot be run (%s)".formatted(python, e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted", e));
        }
    }
}
