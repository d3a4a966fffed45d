package org.dti4j.cli.report;

/**
 * The colours of runs. They are Okabe and Ito's, which people with any kind of colour blindness can tell apart, adjusted for
 * contrast on light and on dark ground (in report.css); each goes with a dash and a marker, so that a print in grey can be read.
 */
public enum RunColour {
    BLUE("", Marker.CIRCLE),
    ORANGE("7 3", Marker.SQUARE),
    GREEN("2 2.5", Marker.TRIANGLE),
    PURPLE("9 3 2 3", Marker.DIAMOND),
    YELLOW("12 4", Marker.CIRCLE),
    GREY("4 4", Marker.SQUARE);

    private final String dash;
    private final Marker marker;

    RunColour(String dash, Marker marker) {
        this.dash = dash;
        this.marker = marker;
    }

    /** The colour of the run with this index: distinct for the first six. */
    public static RunColour of(int run) {
        return values()[Math.floorMod(run, values().length)];
    }

    /** The class that sets the colour in report.css. */
    String cssClass() {
        return "c-" + name().toLowerCase(java.util.Locale.ROOT);
    }

    /** The dash pattern of lines in SVG's notation, empty for a solid line. */
    String dash() {
        return dash;
    }

    /** The path of the marker around (x, y). */
    String marker(double x, double y) {
        return marker.path(x, y);
    }

    private enum Marker {
        CIRCLE("m-3.6,0a3.6,3.6 0 1,0 7.2,0a3.6,3.6 0 1,0 -7.2,0z"),
        SQUARE("m-3.2,-3.2h6.4v6.4h-6.4z"),
        TRIANGLE("m0,-4.4l4.2,7.4h-8.4z"),
        DIAMOND("m0,-4.6l4.2,4.6l-4.2,4.6l-4.2,-4.6z");

        private final String outline;

        Marker(String outline) {
            this.outline = outline;
        }

        String path(double x, double y) {
            return "M" + Numbers.coordinate(x) + "," + Numbers.coordinate(y) + outline;
        }
    }
}
