package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.dti4j.cli.report.LinePlot.Look;
import org.dti4j.cli.report.LinePlot.Point;
import org.dti4j.cli.report.LinePlot.Series;

/** Names of curves, written right of where the curves end; each is moved a little to where it lies on nothing. */
final class EndLabels {
    private static final double LETTER = 8.2; // generous: phones show letters larger
    private static final double HALF_HEIGHT = 8;
    private static final double[] SHIFTS = {0, -8, 8, -16, 16, -24, 24, -32, 32, -48, 48, -64, 64};
    private static final double FAR = 32; // farther off a name would seem to be another curve's

    private final Frame frame;
    private final List<Series> drawn;
    private final List<Box> taken = new ArrayList<>();

    private EndLabels(Frame frame, List<Series> drawn) {
        this.frame = frame;
        this.drawn = drawn;
    }

    /** How much room right of the plot the names may need. */
    static double room(List<Series> drawn) {
        int longest = drawn.stream().mapToInt(s -> s.name().length()).max().orElse(0);
        return 10 + longest * LETTER;
    }

    static void draw(Html html, Frame frame, List<Series> drawn) {
        EndLabels labels = new EndLabels(frame, drawn);
        drawn.stream()
                .filter(s -> !s.name().isEmpty())
                .sorted(Comparator.comparingDouble(
                        s -> -s.points().get(s.points().size() - 1).y()))
                .forEach(s -> labels.draw(html, s));
    }

    private record Box(double left, double right, double middle) {
        boolean holds(double x, double y) {
            return x > left && x < right && Math.abs(y - middle) < HALF_HEIGHT;
        }

        boolean overlaps(Box other) {
            return left < other.right && other.left < right && Math.abs(middle - other.middle) < 2 * HALF_HEIGHT - 1;
        }
    }

    private void draw(Html html, Series series) {
        Point end = series.points().get(series.points().size() - 1);
        String name = series.name();
        double left = frame.x().place(end.x()) + 8;
        double wanted = Math.min(
                Math.max(frame.y().place(end.y()), frame.y().end()), frame.y().start() - HALF_HEIGHT);
        Box box = place(new Box(left, left + name.length() * LETTER, wanted));
        taken.add(box);
        Frame.text(html, "label " + series.colour().cssClass(), "start", left, box.middle + 4.5, name);
    }

    /** The nearest place that is free of curves and names, else of names. */
    private Box place(Box wanted) {
        List<Box> places = Arrays.stream(SHIFTS)
                .mapToObj(shift -> new Box(wanted.left, wanted.right, wanted.middle + shift))
                .filter(this::isInside)
                .filter(box -> taken.stream().noneMatch(box::overlaps))
                .toList();
        return places.stream()
                .filter(box -> Math.abs(box.middle - wanted.middle) <= FAR)
                .filter(this::isClear)
                .findFirst()
                .orElseGet(() -> places.stream().findFirst().orElse(wanted));
    }

    private boolean isInside(Box box) {
        return box.middle >= frame.y().end() && box.middle <= frame.y().start() - HALF_HEIGHT;
    }

    private boolean isClear(Box box) {
        return drawn.stream().filter(s -> s.look() != Look.FAINT).noneMatch(s -> crosses(s, box));
    }

    private boolean crosses(Series series, Box box) {
        for (int i = 0; i < series.points().size(); i++) {
            Point from = series.points().get(Math.max(0, i - 1));
            Point to = series.points().get(i);
            double x1 = frame.x().place(from.x());
            double x2 = frame.x().place(to.x());
            int parts = (int) Math.ceil(Math.abs(x2 - x1) / 3) + 1;
            for (int part = 0; part <= parts; part++) {
                double share = (double) part / parts;
                double y = frame.y().place(from.y() + share * (to.y() - from.y()));
                if (box.holds(x1 + share * (x2 - x1), y)) {
                    return true;
                }
            }
        }
        return false;
    }
}
