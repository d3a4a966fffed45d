package org.dti4j.cli.report;

import java.nio.file.Path;
import java.util.List;
import org.dti4j.cli.report.ReportModel.Fact;
import org.dti4j.cli.report.ReportModel.Facts;

/** Makes a {@link ReportModel} into one HTML file that needs nothing else: no network, no script. */
public final class HtmlReport {
    private final ReportModel model;
    private final Html html = new Html();

    private HtmlReport(ReportModel model) {
        this.model = model;
    }

    /** The document; it is well-formed XML too. */
    public static String render(ReportModel model) {
        return new HtmlReport(model).render();
    }

    /**
     * Writes the report; {@code file} is either replaced as a whole or left as it was.
     *
     * @throws org.dti4j.problem.UserException when it cannot be written there
     */
    public static void write(ReportModel model, Path file) {
        Page.write(render(model), file);
    }

    private String render() {
        Page.begin(html, model.title());
        header();
        section("run", "What was run", () -> facts(html, model.facts()));
        section("comparison", "Comparison", () -> ComparisonSection.draw(html, model));
        section("curves", "Training curves", () -> CurvesSection.draw(html, model.runs()));
        section("quality", "ROC and calibration", this::quality);
        if (!model.examples().isEmpty()) {
            section("examples", "Example prompts", () -> ExamplesSection.draw(html, model.examples()));
        }
        section("provenance", "Provenance", () -> facts(html, model.provenance()));
        return Page.end(html);
    }

    private void header() {
        html.open("header").element("h1", model.title());
        html.element("p", Verdict.headline(model), "class", "lead");
        Tiles.draw(html, model);
        if (!model.remarks().isEmpty()) {
            html.open("ul", "class", "remarks");
            model.remarks().forEach(remark -> html.element("li", remark));
            html.close();
        }
        html.close().line();
    }

    private void section(String id, String heading, Runnable content) {
        Page.section(html, id, heading, content);
    }

    static void facts(Html html, List<Facts> groups) {
        html.open("div", "class", "facts");
        for (Facts group : groups) {
            html.open("div").element("h3", group.heading()).open("dl");
            for (Fact fact : group.facts()) {
                html.element("dt", fact.name()).element("dd", fact.value());
            }
            html.close().close().line();
        }
        html.close().line();
    }

    private void quality() {
        boolean kept = model.runs().stream().anyMatch(run -> run.predictions() != null);
        if (!kept) {
            html.element("p", "No run kept its predictions of the test part.", "class", "none");
            return;
        }
        Legend.draw(html, model.runs());
        html.open("div", "class", "plots");
        html.open("figure").element("figcaption", "ROC, with AUC");
        RocPlot.draw(html, model.runs());
        html.close();
        html.open("figure").element("figcaption", "Calibration, with 95 % intervals and counts");
        CalibrationPlot.draw(html, model.runs());
        html.close().close();
        html.element(
                "p",
                "Test part. On the diagonal, ROC is guessing and calibration is perfect. 15 bins of equal width; the mean of "
                        + "their distances from the diagonal, weighted by counts, is the calibration error.",
                "class",
                "caption");
    }
}
