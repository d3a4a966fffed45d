package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.dti4j.cli.report.ReportModel.Facts;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.PairedDifference;
import org.jspecify.annotations.Nullable;

/**
 * What a grid of runs has come to so far.
 *
 * @param cells runs that the grid will come to
 * @param finished runs that are there
 * @param rows of the table, those without a finished run too
 * @param comparisons of a row with another on the same targets
 * @param paper the data set whose published results stand beside, or null
 * @param remarks what the reader must know
 */
public record ExperimentModel(
        String title,
        int cells,
        int finished,
        List<Row> rows,
        List<Comparison> comparisons,
        @Nullable Paper paper,
        List<String> remarks,
        List<Facts> facts,
        List<Facts> provenance) {
    public ExperimentModel {
        rows = List.copyOf(rows);
        comparisons = List.copyOf(comparisons);
        remarks = List.copyOf(remarks);
        facts = List.copyOf(facts);
        provenance = List.copyOf(provenance);
    }

    /**
     * A method with its runs.
     *
     * @param id names its run folders
     * @param family rows of one family differ in one number
     * @param x that number; null where there is none
     * @param xName what the number is
     * @param rate the learning rate that validation chose; null where none was searched
     * @param equation3 how many times cheaper a target is than the sliding window's by Eq. 3
     * @param paper what the paper reports, or null
     * @param seeds finished runs at that rate
     */
    public record Row(
            String id,
            String name,
            String family,
            @Nullable Double x,
            String xName,
            @Nullable Double rate,
            double equation3,
            @Nullable PaperResult paper,
            List<Seed> seeds) {
        public Row {
            seeds = List.copyOf(seeds);
        }

        /** Whether there is something to draw: a run at least, and an AUC of each. */
        boolean isMeasured() {
            return !seeds.isEmpty()
                    && seeds.stream()
                            .allMatch(seed -> Double.isFinite(seed.test().auc()));
        }

        public Spread spread(ToDoubleFunction<Seed> value) {
            return Spread.of(seeds.stream().mapToDouble(value).toArray());
        }
    }

    /**
     * One run.
     *
     * @param targets trained on until the weights that were kept
     * @param seconds of training until then: the time to convergence
     * @param msPerTarget of the whole run
     */
    public record Seed(long seed, Metrics validation, Metrics test, long targets, double seconds, double msPerTarget) {}

    /**
     * Mean and sample standard deviation over seeds; the deviation is NaN for one seed.
     *
     * @param count of seeds
     */
    public record Spread(double mean, double deviation, int count) {
        public static Spread of(double... values) {
            double sum = 0;
            for (double value : values) {
                sum += value;
            }
            double mean = sum / values.length;
            double squares = 0;
            for (double value : values) {
                squares += (value - mean) * (value - mean);
            }
            return new Spread(
                    mean, values.length < 2 ? Double.NaN : Math.sqrt(squares / (values.length - 1)), values.length);
        }
    }

    /**
     * Mean over seeds of one row minus that of another, on the same targets.
     *
     * @param first id of a row
     * @param second id of the row that it is compared with
     * @param auc DeLong's interval
     * @param logLoss interval by bootstrap over users
     * @param relativeImprovement (AUC − 1/2) over that of the other, minus 1
     */
    public record Comparison(
            String first, String second, PairedDifference auc, PairedDifference logLoss, double relativeImprovement) {}

    Row row(String id) {
        return rows.stream().filter(row -> row.id().equals(id)).findFirst().orElseThrow();
    }

    /** The first comparison of a row: that of the table. */
    Optional<Comparison> comparison(Row row) {
        return comparisons.stream()
                .filter(each -> each.first().equals(row.id()))
                .findFirst();
    }

    /** The row that the first comparison of a row is with; the first row for itself. */
    Row reference(Row row) {
        return comparison(row).map(comparison -> row(comparison.second())).orElse(rows.get(0));
    }

    /**
     * Families of at least two rows that differ in a number, by what the number is, in the order of the table. Rows whose test part had one
     * class only, so that there is no AUC, are left out.
     */
    Map<String, List<List<Row>>> curves() {
        Map<String, List<List<Row>>> curves = new LinkedHashMap<>();
        rows.stream().map(Row::family).distinct().forEach(family -> {
            List<Row> curve = rows.stream()
                    .filter(row -> row.family().equals(family) && row.x() != null && row.isMeasured())
                    .toList();
            if (curve.size() >= 2) {
                curves.computeIfAbsent(curve.get(0).xName(), name -> new ArrayList<>())
                        .add(curve);
            }
        });
        return curves;
    }
}
