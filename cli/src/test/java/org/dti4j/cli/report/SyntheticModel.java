package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.dti4j.cli.report.ExamplePrompt.Segment;
import org.dti4j.cli.report.ReportModel.Baseline;
import org.dti4j.cli.report.ReportModel.Difference;
import org.dti4j.cli.report.ReportModel.Fact;
import org.dti4j.cli.report.ReportModel.Facts;
import org.dti4j.cli.report.ReportModel.Speed;
import org.dti4j.cli.report.ReportRun.TrainingPoint;
import org.dti4j.cli.report.ReportRun.ValidationPoint;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.Predictions;
import org.dti4j.metric.UserBootstrap;

/** A model of invented numbers, shaped like a quickstart: two runs for the same time, three baselines. */
final class SyntheticModel {
    static final String NASTY = "<script>alert(\"x\")</script> & 'Amélie' \u0007 (2001)";

    private static final int TARGETS = 6000;
    private static final UserBootstrap BOOTSTRAP = new UserBootstrap(1, 200);

    private final boolean[] labels = new boolean[TARGETS];
    private final int[] users = IntStream.range(0, TARGETS).map(i -> i / 40).toArray();

    private SyntheticModel() {
        Random random = new Random(5);
        for (int target = 0; target < TARGETS; target++) {
            labels[target] = random.nextDouble() < 0.56;
        }
    }

    static ReportModel twoRuns() {
        return new SyntheticModel().build();
    }

    private ReportModel build() {
        Predictions dti = predictions(11, 1.05);
        Predictions window = predictions(11, 0.62);
        Predictions both = predictions(13, 1.15);
        List<ReportRun> runs = List.of(
                run("sliding-window", RunColour.BLUE, window, 9_600, 0.0104, 0.645),
                run("dti", RunColour.ORANGE, dti, 80_000, 0.00125, 0.735));
        List<Baseline> baselines = List.of(
                new Baseline("item mean", Metrics.of(predictions(17, 0.5), BOOTSTRAP)),
                new Baseline("user mean", Metrics.of(predictions(19, 0.9), BOOTSTRAP)),
                new Baseline("item + user mean", Metrics.of(both, BOOTSTRAP)));
        List<Difference> differences = new ArrayList<>(Difference.of("dti", dti, "sliding-window", window, BOOTSTRAP));
        differences.addAll(Difference.of("dti", dti, "item + user mean", both, BOOTSTRAP));
        return new ReportModel(
                "DTI against the sliding window: MovieLens small, nano",
                facts(),
                runs,
                baselines,
                differences,
                new Speed("dti", "sliding-window", 8.3, 14.3),
                List.of(example("user 42, scored by dti", 20, 50), example("user 7, scored by dti " + NASTY, 5, 4)),
                provenance(),
                List.of("Trained for one epoch of 80,000 targets: enough to see a direction, not a result."));
    }

    private static List<Facts> facts() {
        return List.of(
                new Facts(
                        "Method",
                        List.of(
                                new Fact("context", "20 interactions"),
                                new Fact("targets per stream", "50"),
                                new Fact("[SUM] position", "none + ALiBi, per head"),
                                new Fact("feedback", "on"))),
                new Facts(
                        "Model",
                        List.of(
                                new Fact("checkpoint", "nano (4 layers, width 128)"),
                                new Fact("parameters", "1,441,920, all trained"),
                                new Fact("data type", "float32"))),
                new Facts(
                        "Data",
                        List.of(
                                new Fact("log", "ml-latest-small"),
                                new Fact("users / items", "610 / 3,650"),
                                new Fact("interactions", "90,274"),
                                new Fact("label", "rating > 3.5"))));
    }

    private static List<Facts> provenance() {
        return List.of(
                new Facts(
                        "Software",
                        List.of(
                                new Fact("dti4j", "0.1.0-SNAPSHOT (86dbf28)"),
                                new Fact("Java", "17.0.15"),
                                new Fact("seed", "42"))),
                new Facts("Machine", List.of(new Fact("processor", "2 cores, x86-64"), new Fact("memory", "7.8 GiB"))),
                new Facts(
                        "Inputs",
                        List.of(new Fact(
                                "data, SHA-256", "9f2a7c51d8e04b6f93a1c2d7e85f60b19f2a7c51d8e04b6f93a1c2d7e85f60b1"))));
    }

    private Predictions predictions(long seed, double skill) {
        Random random = new Random(seed);
        double[] probabilities = IntStream.range(0, TARGETS)
                .mapToDouble(i -> skill * (labels[i] ? 0.5 : -0.5) + random.nextGaussian())
                .map(signal -> 1 / (1 + Math.exp(-0.25 - 0.9 * skill * signal)))
                .toArray();
        return new Predictions(probabilities, labels, users);
    }

    private static ReportRun run(
            String name, RunColour colour, Predictions test, int targets, double secondsPerTarget, double auc) {
        Random random = new Random(name.hashCode());
        List<TrainingPoint> training = new ArrayList<>();
        for (int at = 200; at <= targets; at += 200) {
            double loss = 0.6 + 7.5 * Math.exp(-at / 900.0) + 0.09 * Math.exp(-at / 20_000.0);
            training.add(new TrainingPoint(at, at * secondsPerTarget, loss + 0.03 * random.nextGaussian()));
        }
        List<ValidationPoint> validation = IntStream.rangeClosed(1, 10)
                .mapToObj(i -> {
                    long at = (long) targets * i / 10;
                    double reached = 0.5 + (auc - 0.5) * (1 - Math.exp(-i / 2.5)) + 0.003 * random.nextGaussian();
                    return new ValidationPoint(at, at * secondsPerTarget, reached, 0.9 - 0.4 * reached);
                })
                .toList();
        return new ReportRun(
                name,
                colour,
                Metrics.of(test, BOOTSTRAP),
                targets,
                targets * secondsPerTarget,
                training,
                validation,
                test);
    }

    private static ExamplePrompt example(String heading, int context, int targets) {
        List<String> items = Arrays.asList(
                "Toy Story (1995) — Adventure, Animation, Children, Comedy, Fantasy",
                "Heat (1995) — Action, Crime, Thriller",
                "Usual Suspects, The (1995) — Crime, Mystery, Thriller",
                NASTY + " — Comedy, Romance",
                "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1964) — Comedy, War");
        Random random = new Random(3);
        List<Segment> segments = new ArrayList<>();
        segments.add(Segment.prefix("<s>A user's films in the order watched, with what was thought of each."
                + "\nWill the user like the next one? Answer yes or no.\n"));
        for (int i = 0; i < context + targets; i++) {
            boolean label = random.nextDouble() < 0.6;
            segments.add(Segment.item(" " + items.get(i % items.size())));
            if (i >= context) {
                segments.add(Segment.sum(0.5 + (label ? 0.2 : -0.1) + 0.25 * (random.nextDouble() - 0.5), label));
            }
            if (i + 1 < context + targets) {
                segments.add(Segment.feedback(label ? ": liked\n" : ": not liked\n"));
            }
        }
        return new ExamplePrompt(heading, segments);
    }
}
