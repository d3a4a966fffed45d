package org.dti4j.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.dti4j.cli.report.ExperimentModel.Comparison;
import org.dti4j.cli.report.ExperimentModel.Row;
import org.dti4j.cli.report.ExperimentModel.Seed;
import org.dti4j.cli.report.ExperimentModel.Spread;
import org.dti4j.cli.report.ReportModel.Fact;
import org.dti4j.cli.report.ReportModel.Facts;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.PairedDifference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

final class ExperimentReportTest {
    private static final Method DTI = Method.named("dti");

    private static Metrics metrics(double auc) {
        return new Metrics(auc, auc - .01, auc + .01, 1.3 - auc, 1.28 - auc, 1.32 - auc, auc - .05, .7, .02, 2000, 900);
    }

    private static Row row(
            String id, String name, String family, @Nullable Double x, double auc, double seconds, Method method) {
        List<Seed> seeds = LongStream.rangeClosed(1, 3)
                .mapToObj(seed -> new Seed(
                        seed,
                        metrics(auc + .01),
                        metrics(auc + .002 * (seed - 2)),
                        40_000,
                        seconds + seed - 2,
                        seconds / 40))
                .toList();
        double equation3 = method.targets().count() == 1
                ? 1
                : 20.0 * method.targets().count() / (20 + method.targets().count());
        return new Row(
                id,
                name,
                family,
                x,
                "targets per stream k",
                .003,
                equation3,
                Paper.ML_1M.result(method).orElse(null),
                seeds);
    }

    static ExperimentModel sample() {
        List<Row> rows = new ArrayList<>();
        rows.add(row("sw", "SW", "sw", null, .741, 900, Method.named("sliding-window")));
        List<Comparison> comparisons = new ArrayList<>();
        for (String family : List.of("dti-minus", "dti")) {
            for (int k : List.of(5, 10, 20, 30, 40, 50)) {
                double auc = (family.equals("dti") ? .742 : .740) - (family.equals("dti") ? .00002 : .0002) * k;
                Method method = Method.named(family).withTargets(new Targets(k));
                String name = (family.equals("dti") ? "DTI" : "DTI⁻") + ", k = " + k;
                rows.add(row(family + "-" + k, name, family, (double) k, auc, 900 / (20.0 * k / (20 + k)), method));
                comparisons.add(new Comparison(
                        family + "-" + k,
                        "sw",
                        new PairedDifference(auc - .741, auc - .745, auc - .737, .4),
                        new PairedDifference(.741 - auc, .738 - auc, .744 - auc, .4),
                        (auc - .5) / .241 - 1));
            }
        }
        return new ExperimentModel(
                "Table 1 <of a test>",
                39,
                39,
                rows,
                comparisons,
                Paper.ML_1M,
                List.of("A remark & no more"),
                List.of(new Facts("Data", List.of(new Fact("users", "610")))),
                List.of());
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
    }

    @Test
    void theReportIsWellFormedAndNeedsNothingElse() throws Exception {
        String html = ExperimentReport.render(sample());
        Document document = parse(html);
        assertThat(document.getElementsByTagName("table").getLength()).isEqualTo(2);
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(4);
        assertThat(html).doesNotContain("http://", "https://", "<script", "<link", "<img");
    }

    @Test
    void settingsThatDifferInOtherNumbersArePlottedApart() throws Exception {
        ExperimentModel model = sample(List.of(
                row("sw", "SW", "sw", null, Double.NaN, 100, DTI),
                row("k5", "k = 5", "k", 5.0, .74, 100, DTI),
                row("k50", "k = 50", "k", 50.0, .74, 100, DTI),
                at("distance", 50, .74),
                at("distance", 2000, Double.NaN),
                at("distance", 3000, .74)));
        assertThat(model.curves()).containsOnlyKeys("targets per stream k", "distance");
        assertThat(List.copyOf(model.curves().values()).get(1).get(0))
                .as("of one class only there is no AUC")
                .extracting(Row::x)
                .containsExactly(50.0, 3000.0);
        String html = ExperimentReport.render(model);
        parse(html);
        assertThat(html).contains("Quality against targets per stream k", "Quality against distance");
    }

    private static Row at(String xName, double x, double auc) {
        Row row = row(xName + x, xName + " " + x, xName, x, auc, 100, DTI);
        return new Row(row.id(), row.name(), row.family(), x, xName, null, row.equation3(), row.paper(), row.seeds());
    }

    private static ExperimentModel sample(List<Row> rows) {
        return new ExperimentModel("One setting", 6, 6, rows, List.of(), null, List.of(), List.of(), List.of());
    }

    @Test
    void thePapersNumbersStandBesideOurs() {
        String html = ExperimentReport.render(sample());
        assertThat(html).contains("0.7410 ± 0.0020", "paper 0.8110", "paper 0.5251", "paper 0.7042");
        assertThat(html).contains("paper 13.0×", "14.3×", "paper −0.19 %");
    }

    @Test
    void thePaperSaysNothingOfMethodsThatAreNotItsOwn() {
        assertThat(Paper.ML_1M.result(Method.named("dti-isolated"))).isEmpty();
        assertThat(Paper.ML_1M.result(Method.named("dti").withTargets(new Targets(30))))
                .isEmpty();
        assertThat(Paper.ML_1M.result(Method.named("sliding-window").withContext(10)))
                .isEmpty();
        assertThat(Paper.AMAZON_KINDLE
                        .result(Method.named("dti-minus"))
                        .orElseThrow()
                        .logLoss())
                .isEqualTo(.4721);
    }

    @Test
    void anExperimentThatHasJustBegunHasAReportToo() throws Exception {
        ExperimentModel sample = sample();
        Row first = sample.rows().get(0);
        List<Row> rows = sample.rows().stream()
                .map(row -> row.equals(first)
                        ? row
                        : new Row(
                                row.id(),
                                row.name(),
                                row.family(),
                                row.x(),
                                row.xName(),
                                null,
                                row.equation3(),
                                row.paper(),
                                List.of()))
                .toList();
        String html = ExperimentReport.render(new ExperimentModel(
                sample.title(), 39, 1, rows, List.of(), null, List.of(), sample.facts(), List.of()));
        parse(html);
        assertThat(html).contains("Unfinished: 1 of 39 runs").doesNotContain("NaN", "Infinity");
    }

    @Test
    void spreadIsMeanAndSampleDeviation() {
        Spread spread = Spread.of(1, 2, 6);
        assertThat(spread.mean()).isEqualTo(3);
        assertThat(spread.deviation()).isCloseTo(Math.sqrt(7), within(1e-12));
        assertThat(Spread.of(4).deviation()).isNaN();
    }
}
