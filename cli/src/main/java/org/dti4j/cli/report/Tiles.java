package org.dti4j.cli.report;

import java.util.Comparator;
import org.dti4j.cli.report.ReportModel.Speed;

/** The few numbers that a reader looks for first. */
final class Tiles {
    private Tiles() {}

    static void draw(Html html, ReportModel model) {
        html.open("div", "class", "tiles");
        model.runs().stream()
                .filter(run -> Double.isFinite(run.test().auc()))
                .sorted(Comparator.comparingDouble((ReportRun run) -> run.test().auc())
                        .reversed())
                .limit(3)
                .forEach(run -> tile(
                        html,
                        Numbers.score(run.test().auc()),
                        "test AUC, " + run.name(),
                        run.colour().cssClass()));
        Speed speed = model.speed();
        if (speed != null) {
            String name = "time per target, %s over %s".formatted(speed.slower(), speed.faster());
            tile(html, Numbers.ratio(speed.timeRatio()), name, "");
            tile(html, Numbers.ratio(speed.flopsRatio()), "operations per target, Eq. 3", "");
        }
        html.close().line();
    }

    private static void tile(Html html, String value, String name, String cssClass) {
        html.open("div", "class", ("tile " + cssClass).strip());
        html.element("b", value).element("span", name).close();
    }
}
