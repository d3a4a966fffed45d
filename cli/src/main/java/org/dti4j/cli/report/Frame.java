package org.dti4j.cli.report;

import java.util.function.DoubleFunction;

/**
 * The drawing area of a plot: grid, ticks and names of axes. All plots are drawn on the same width, so that their letters
 * have the same size wherever they stand.
 *
 * @param x the horizontal axis
 * @param y the vertical axis, pointing upwards
 */
record Frame(Axis x, Axis y) {
    /** Width of every drawing. */
    static final double WIDTH = 460;

    static final double LEFT = 46;
    static final double TOP = 26;

    private static final double TICK = 4;

    /** Begins a drawing of this height, to be closed by the caller. */
    static void begin(Html html, double height, String description) {
        html.open(
                "svg",
                "viewBox",
                "0 0 " + Numbers.coordinate(WIDTH) + " " + Numbers.coordinate(height),
                "role",
                "img",
                "aria-label",
                description);
    }

    void draw(Html html, DoubleFunction<String> xText, DoubleFunction<String> yText, String xName, String yName) {
        for (double tick : y.ticks()) {
            double at = y.place(tick);
            line(html, "grid", x.start(), at, x.end(), at);
            text(html, "tick", "end", x.start() - 6, at + 4, yText.apply(tick));
        }
        for (double tick : x.ticks()) {
            double at = x.place(tick);
            line(html, "axis", at, y.start(), at, y.start() + TICK);
            text(html, "tick", "middle", at, y.start() + 18, xText.apply(tick));
        }
        line(html, "axis", x.start(), y.start(), x.end(), y.start());
        text(html, "name", "end", x.end(), y.start() + 35, xName);
        text(html, "name", "start", 2, TOP - 12, yName);
    }

    /** A name where a drawing has little room. */
    static String shortened(String name) {
        return name.length() <= 16 ? name : name.substring(0, 15).strip() + "…";
    }

    static void line(Html html, String cssClass, double x1, double y1, double x2, double y2) {
        html.leaf(
                "line",
                "class",
                cssClass,
                "x1",
                Numbers.coordinate(x1),
                "y1",
                Numbers.coordinate(y1),
                "x2",
                Numbers.coordinate(x2),
                "y2",
                Numbers.coordinate(y2));
    }

    static void text(Html html, String cssClass, String anchor, double x, double y, String text) {
        html.element(
                "text",
                text,
                "class",
                cssClass,
                "text-anchor",
                anchor,
                "x",
                Numbers.coordinate(x),
                "y",
                Numbers.coordinate(y));
    }

    /** An invisible spot that says {@code text} when the pointer rests on it. */
    static void hover(Html html, double x, double y, String text) {
        html.open("circle", "class", "spot", "cx", Numbers.coordinate(x), "cy", Numbers.coordinate(y), "r", "7");
        html.element("title", text).close();
    }

    /** A marker that says {@code text} when the pointer rests on it. */
    static void marker(Html html, RunColour colour, double x, double y, String text) {
        html.open("path", "class", "mark " + colour.cssClass(), "d", colour.marker(x, y));
        html.element("title", text).close();
    }
}
