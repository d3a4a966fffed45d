package org.dti4j.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.dti4j.metric.Metrics;
import org.dti4j.metric.Predictions;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class HtmlReportTest {
    private static final ReportModel MODEL = SyntheticModel.twoRuns();
    private static final String HTML = HtmlReport.render(MODEL);

    @Test
    void isWellFormedAndHasAllSectionsInOrder() throws Exception {
        assertThat(texts(HTML, "//section/@id"))
                .containsExactly("run", "comparison", "curves", "quality", "examples", "provenance");
        assertThat(texts(HTML, "//figure/figcaption")).hasSize(9);
        assertThat(texts(HTML, "//*[local-name()='svg'][@role='img']/@aria-label"))
                .hasSize(9)
                .doesNotHaveDuplicates();
    }

    @Test
    void fetchesNothingAndRunsNothing() {
        assertThat(HTML)
                .doesNotContainIgnoringCase("http:")
                .doesNotContainIgnoringCase("https:")
                .doesNotContain("//", "src=", "href=", "@import", "<script", "<link", "onload", "javascript:")
                .contains("default-src 'none'".replace("'", "&#39;"));
        assertThat(HTML.replace("url(#", "")).doesNotContain("url(");
    }

    @Test
    void textsAreEscapedAndControlCharactersReplaced() throws Exception {
        assertThat(HTML)
                .contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp;")
                .doesNotContain("\u0007");
        ReportModel nasty = withTitle(SyntheticModel.NASTY);
        assertThat(texts(HtmlReport.render(nasty), "//h1"))
                .containsExactly(SyntheticModel.NASTY.replace('\u0007', '\uFFFD'));
    }

    @Test
    void tableHoldsTheMetricsOfRunsAndBaselinesWithIntervals() throws Exception {
        for (Scored row : Scored.all(MODEL)) {
            Metrics test = row.test();
            assertThat(texts(HTML, "//table//tr[contains(th, '" + row.name() + "')]")
                            .get(0))
                    .contains(
                            Numbers.score(test.auc()) + Numbers.interval(test.aucLow(), test.aucHigh()),
                            Numbers.score(test.logLoss()) + Numbers.interval(test.logLossLow(), test.logLossHigh()),
                            Numbers.score(test.f1()),
                            Numbers.score(test.accuracy()),
                            Numbers.score(test.calibrationError()));
        }
    }

    @Test
    void bestOfEachColumnIsMarkedBaselinesIncluded() throws Exception {
        assertThat(texts(HTML, "//td[@class='best'][@data-label='AUC']/../th"))
                .containsExactly("item + user meanbaseline");
        assertThat(texts(HTML, "//td[@class='best'][@data-label='AUC']/b"))
                .containsExactly(Numbers.score(MODEL.baselines().get(2).test().auc()));
        assertThat(texts(HTML, "//td[@class='best']")).hasSize(5);
    }

    @Test
    void eachTargetOfAnExampleIsMarkedAndScoredBeforeItsFeedback() throws Exception {
        assertThat(texts(HTML, "//div[@class='turn target']")).hasSize(50 + 4);
        assertThat(texts(HTML, "//div[@class='turn']")).hasSize(20 + 5);
        assertThat(texts(HTML, "//div[@class='turn target']/span[@class='words']")
                        .get(0))
                .matches("Toy Story .* \\[SUM\\] : (not )?liked");
        assertThat(texts(HTML, "//span[@class='answer']/b")).hasSize(54).allMatch(text -> text.matches("0\\.\\d\\d"));
    }

    @Test
    void curvesSayTheirValuesUnderThePointer() throws Exception {
        ReportRun.ValidationPoint point = MODEL.runs().get(1).validation().get(3);
        String hover = "dti: validation AUC %s after 32,000 targets, 40 s".formatted(Numbers.score(point.auc()));
        assertThat(texts(HTML, "//*[local-name()='title']").stream().filter(hover::equals))
                .as("over targets and over time")
                .hasSize(2);
    }

    @Test
    void undefinedNumbersAreDashesAndMissingCurvesAreSaid() throws Exception {
        Predictions oneClass = new Predictions(new double[] {0.2, 0.7}, new boolean[2], new int[2]);
        Metrics metrics = Metrics.of(oneClass, 1);
        ReportRun run = new ReportRun("dti", RunColour.BLUE, metrics, 0, 0, List.of(), List.of(), null);
        ReportModel bare = new ReportModel(
                "bare", List.of(), List.of(run), List.of(), List.of(), null, List.of(), List.of(), List.of());
        String html = HtmlReport.render(bare);
        assertThat(html)
                .doesNotContain("NaN")
                .contains("No points of AUC were recorded", "No run kept its predictions");
        assertThat(texts(html, "//td[@data-label='AUC']")).containsExactly(Numbers.UNDEFINED);
        assertThat(texts(html, "//section/@id")).doesNotContain("examples");
    }

    @Test
    void replacesAnOldReportAndLeavesNothingElse(@TempDir Path folder) throws IOException {
        Path run = folder.resolve("run");
        Path file = run.resolve("report.html");
        HtmlReport.write(withTitle("old"), file);
        HtmlReport.write(MODEL, file);
        assertThat(file).hasContent(HTML);
        assertThat(names(run)).containsExactly("report.html");
    }

    @Test
    void reportThatCannotBeWrittenIsTheUsersProblemAndLeavesNothing(@TempDir Path folder) throws IOException {
        Path occupied = Files.createDirectories(folder.resolve("report.html"));
        assertThatThrownBy(() -> HtmlReport.write(MODEL, occupied))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("report.html: cannot be written");
        assertThat(names(folder)).containsExactly("report.html");
    }

    private static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static ReportModel withTitle(String title) {
        return new ReportModel(
                title,
                MODEL.facts(),
                MODEL.runs(),
                MODEL.baselines(),
                MODEL.differences(),
                MODEL.speed(),
                MODEL.examples(),
                MODEL.provenance(),
                MODEL.remarks());
    }

    private static List<String> texts(String html, String path) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(html)));
        NodeList nodes =
                (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, document, XPathConstants.NODESET);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            texts.add(nodes.item(i).getTextContent());
        }
        return texts;
    }
}
