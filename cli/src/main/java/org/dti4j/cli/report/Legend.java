package org.dti4j.cli.report;

import java.util.List;

/** Which colour, dash and marker are which run's. */
final class Legend {
    private Legend() {}

    static void draw(Html html, List<ReportRun> runs) {
        html.open("p", "class", "legend");
        for (ReportRun run : runs) {
            html.open("span", "class", "key");
            swatch(html, run.colour());
            html.text(run.name()).close();
        }
        html.close().line();
    }

    static void swatch(Html html, RunColour colour) {
        html.open("svg", "class", "swatch", "viewBox", "0 0 34 12", "aria-hidden", "true");
        html.leaf(
                "line",
                "class",
                "curve line " + colour.cssClass(),
                "stroke-dasharray",
                colour.dash(),
                "x1",
                "1",
                "y1",
                "6",
                "x2",
                "33",
                "y2",
                "6");
        html.leaf("path", "class", "mark " + colour.cssClass(), "d", colour.marker(17, 6));
        html.close();
    }
}
