package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.dti4j.metric.Auc;
import org.dti4j.metric.LogLoss;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.PairedDifference;
import org.dti4j.metric.Predictions;
import org.dti4j.metric.UserBootstrap;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a report shows. Texts are plain text: the report escapes them.
 *
 * @param title what the report is of
 * @param facts what was run: configuration, data, in groups
 * @param runs the trained runs, in the order of the table; at least one
 * @param baselines predictors without a model, on the same test targets
 * @param differences paired comparisons between any two of runs and baselines
 * @param speed what training cost, or null when there is only one paradigm
 * @param examples prompts to look at
 * @param provenance versions, commit, machine, hashes, seeds, in groups
 * @param remarks what the reader must know: warnings, short cuts, surprises
 */
public record ReportModel(
        String title,
        List<Facts> facts,
        List<ReportRun> runs,
        List<Baseline> baselines,
        List<Difference> differences,
        @Nullable Speed speed,
        List<ExamplePrompt> examples,
        List<Facts> provenance,
        List<String> remarks) {

    public ReportModel {
        facts = List.copyOf(facts);
        runs = List.copyOf(runs);
        baselines = List.copyOf(baselines);
        differences = List.copyOf(differences);
        examples = List.copyOf(examples);
        provenance = List.copyOf(provenance);
        remarks = List.copyOf(remarks);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a report needs a run");
        }
        requireKnownNames(runs, baselines, differences);
    }

    private static void requireKnownNames(
            List<ReportRun> runs, List<Baseline> baselines, List<Difference> differences) {
        Set<String> names = new HashSet<>();
        Stream.concat(runs.stream().map(ReportRun::name), baselines.stream().map(Baseline::name))
                .filter(name -> !names.add(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("two runs or baselines are named " + name);
                });
        differences.stream()
                .flatMap(difference -> Stream.of(difference.first(), difference.second()))
                .filter(name -> !names.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(
                            "a difference names %s, which is not among %s".formatted(name, names));
                });
    }

    /** The difference of two named scorers, {@code first} minus {@code second}, whichever way round it was given. */
    Optional<PairedDifference> difference(String first, String second, Measure measure) {
        return differences.stream()
                .filter(given -> given.measure() == measure)
                .flatMap(given -> given.between(first, second).stream())
                .findFirst();
    }

    /** A group of facts under a heading. */
    public record Facts(String heading, List<Fact> facts) {
        public Facts {
            facts = List.copyOf(facts);
        }
    }

    /** A named value. */
    public record Fact(String name, String value) {}

    /** A predictor without a model; fields of the metrics that were not computed are NaN. */
    public record Baseline(String name, Metrics test) {}

    /** What differs. */
    public enum Measure {
        AUC("AUC", true),
        LOG_LOSS("log loss", false);

        private final String title;
        private final boolean moreIsBetter;

        Measure(String title, boolean moreIsBetter) {
            this.title = title;
            this.moreIsBetter = moreIsBetter;
        }

        String title() {
            return title;
        }

        boolean moreIsBetter() {
            return moreIsBetter;
        }
    }

    /** The {@code measure} of the scorer named {@code first} minus that of {@code second}, on the test targets. */
    public record Difference(String first, String second, Measure measure, PairedDifference paired) {
        /** Both measures' differences. */
        public static List<Difference> of(
                String first, Predictions ofFirst, String second, Predictions ofSecond, UserBootstrap bootstrap) {
            List<Difference> differences = new ArrayList<>();
            differences.add(new Difference(first, second, Measure.AUC, Auc.difference(ofFirst, ofSecond)));
            differences.add(
                    new Difference(first, second, Measure.LOG_LOSS, LogLoss.difference(ofFirst, ofSecond, bootstrap)));
            return differences;
        }

        Optional<PairedDifference> between(String one, String other) {
            if (first.equals(one) && second.equals(other)) {
                return Optional.of(paired);
            }
            return first.equals(other) && second.equals(one) ? Optional.of(paired.reversed()) : Optional.empty();
        }
    }

    /**
     * What a training target costs in two paradigms.
     *
     * @param faster the name of the run that should be faster
     * @param slower the name of the other
     * @param timeRatio measured seconds per target, slower over faster
     * @param flopsRatio the same by docs/method.md section 2, Eq. 3
     */
    public record Speed(String faster, String slower, double timeRatio, double flopsRatio) {
        public Speed {
            if (!(timeRatio > 0 && flopsRatio > 0)) {
                throw new IllegalArgumentException(
                        "ratios %s and %s, must be above 0".formatted(timeRatio, flopsRatio));
            }
        }
    }
}
