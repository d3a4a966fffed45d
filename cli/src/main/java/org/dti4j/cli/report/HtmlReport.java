package org.dti4j.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.dti4j.cli.report.ReportModel.Fact;
import org.dti4j.cli.report.ReportModel.Facts;
import org.dti4j.file.AtomicFile;

/** Makes a {@link ReportModel} into one HTML file that needs nothing else: no network, no script. */
public final class HtmlReport {
    /** Forbids the browser to fetch anything, whatever the data hold. */
    private static final String POLICY = "default-src 'none'; style-src 'unsafe-inline'";

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
        AtomicFile.write(file, render(model));
    }

    private String render() {
        html.doctype().open("html", "lang", "en").line();
        head();
        html.open("body").open("main").line();
        header();
        section("run", "What was run", () -> facts(model.facts()));
        section("comparison", "Comparison", () -> ComparisonSection.draw(html, model));
        section("curves", "Training curves", () -> CurvesSection.draw(html, model.runs()));
        section("quality", "ROC and calibration", this::quality);
        if (!model.examples().isEmpty()) {
            section("examples", "Example prompts", () -> ExamplesSection.draw(html, model.examples()));
        }
        section("provenance", "Provenance", () -> facts(model.provenance()));
        html.close().close().close().line();
        return html.finish();
    }

    private void head() {
        html.open("head").line();
        html.leaf("meta", "charset", "utf-8");
        html.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        html.leaf("meta", "http-equiv", "Content-Security-Policy", "content", POLICY);
        html.element("title", model.title()).line();
        html.style(styleSheet());
        html.close().line();
    }

    private static String styleSheet() {
        try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(Objects.requireNonNull(css, "report.css").readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        html.open("section", "id", id).element("h2", heading).line();
        content.run();
        html.close().line();
    }

    private void facts(List<Facts> groups) {
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
