package org.dti4j.cli.report;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Values with their 95 % intervals on one scale, a row each: name and numbers above, a dot on a bar below.
 *
 * @param description for those who cannot see it
 * @param name what the scale measures
 * @param kind whether the values are differences, and which way is better
 * @param rows from top to bottom
 */
record IntervalPlot(String description, String name, Kind kind, List<Row> rows) {
    private static final double ROW = 40;
    private static final double END = Frame.WIDTH - 26;
    private static final double START = 26;

    /** What the values are. */
    enum Kind {
        VALUE,
        /** A difference, better when positive. */
        GAIN,
        /** A difference, better when negative. */
        COST;

        boolean isSigned() {
            return this != VALUE; // zero is then marked and signs are written
        }
    }

    /**
     * A row; rows without a finite value are left out.
     *
     * @param cssClass the class of its colour
     */
    record Row(String name, String cssClass, double value, double low, double high) {}

    void draw(Html html) {
        List<Row> drawn =
                rows.stream().filter(row -> Double.isFinite(row.value())).toList();
        if (drawn.isEmpty()) {
            html.element("p", name + " is undefined.", "class", "none");
            return;
        }
        double bottom = 6 + ROW * drawn.size();
        Axis axis = axis(drawn);
        Frame.begin(html, bottom + 42, description);
        for (double tick : axis.ticks()) {
            double x = axis.place(tick);
            boolean zero = kind.isSigned() && Math.abs(tick) < 1e-12;
            Frame.line(html, zero ? "zero" : "grid", x, 2, x, bottom);
            Frame.text(html, "tick", "middle", x, bottom + 16, tickText(axis, tick));
        }
        if (kind == Kind.COST) {
            Frame.text(html, "name", "start", START, bottom + 34, name);
        } else {
            Frame.text(html, "name", "end", END, bottom + 34, name);
        }
        for (int i = 0; i < drawn.size(); i++) {
            row(html, drawn.get(i), axis, 6 + ROW * i);
        }
        html.close().line();
    }

    private Axis axis(List<Row> drawn) {
        double[] ends = drawn.stream()
                .flatMapToDouble(row -> DoubleStream.of(row.value(), row.low(), row.high()))
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        double low = kind.isSigned() ? Math.min(ends[0], 0) : ends[0];
        double high = kind.isSigned() ? Math.max(ends[ends.length - 1], 0) : ends[ends.length - 1];
        return Axis.rounded(low, high, START, END, 5);
    }

    private String tickText(Axis axis, double tick) {
        String text = Numbers.decimals(tick + 0.0, axis.places());
        return kind.isSigned() && tick > 1e-12 ? "+" + text : text;
    }

    private void row(Html html, Row row, Axis axis, double top) {
        double y = top + 27;
        String interval = kind.isSigned()
                ? Numbers.signedInterval(row.low(), row.high())
                : Numbers.interval(row.low(), row.high());
        String value = kind.isSigned() ? Numbers.signed(row.value()) : Numbers.score(row.value());
        html.open("g", "class", row.cssClass());
        html.element("title", row.name() + ": " + value + " " + interval);
        Frame.text(html, "label row " + row.cssClass(), "start", 2, top + 15, row.name());
        Frame.text(html, "number", "end", Frame.WIDTH - 2, top + 15, value + "  " + interval);
        if (Double.isFinite(row.low())) {
            Frame.line(html, "whisker " + row.cssClass(), axis.place(row.low()), y, axis.place(row.high()), y);
        }
        html.leaf(
                "circle",
                "class",
                "dot " + row.cssClass(),
                "cx",
                Numbers.coordinate(axis.place(row.value())),
                "cy",
                Numbers.coordinate(y),
                "r",
                "5");
        html.close();
    }
}
