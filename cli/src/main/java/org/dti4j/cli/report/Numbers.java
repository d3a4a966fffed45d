package org.dti4j.cli.report;

import java.util.Locale;

/** How the report writes numbers: the same everywhere and in every locale. */
final class Numbers {
    /** Stands for a number that is undefined. */
    static final String UNDEFINED = "–";

    private Numbers() {}

    /** A metric, to four places: a change of 0.001 in AUC matters. */
    static String score(double value) {
        return decimals(value, 4);
    }

    static String decimals(double value, int places) {
        if (!Double.isFinite(value)) {
            return UNDEFINED;
        }
        return String.format(Locale.ROOT, "%." + places + "f", value).replace('-', '−');
    }

    /** A difference of metrics, with its sign. */
    static String signed(double value) {
        if (!Double.isFinite(value)) {
            return UNDEFINED;
        }
        return String.format(Locale.ROOT, "%+.4f", value).replace('-', '−');
    }

    static String interval(double low, double high) {
        return "[" + score(low) + ", " + score(high) + "]";
    }

    static String signedInterval(double low, double high) {
        return "[" + signed(low) + ", " + signed(high) + "]";
    }

    static String pValue(double value) {
        if (!Double.isFinite(value)) {
            return UNDEFINED;
        }
        return value < 0.001 ? "< 0.001" : String.format(Locale.ROOT, "%.3f", value);
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** A count for axes: 24k, 1.5M. */
    static String compact(double value) {
        if (value >= 1e6) {
            return trimmed(value / 1e6) + "M";
        }
        return value >= 1e3 ? trimmed(value / 1e3) + "k" : trimmed(value);
    }

    /** At most three places, no zeros at the end. */
    static String trimmed(double value) {
        String text = String.format(Locale.ROOT, "%.3f", value);
        return text.replaceAll("\\.?0+$", "").replace('-', '−');
    }

    static String ratio(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.1f×" : "%.0f×", value);
    }

    static String duration(double seconds) {
        if (!Double.isFinite(seconds)) {
            return UNDEFINED;
        }
        if (seconds < 10) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 120) {
            return whole + " s";
        }
        return whole < 7200
                ? whole / 60 + " min " + whole % 60 + " s"
                : whole / 3600 + " h " + whole % 3600 / 60 + " min";
    }

    /** A coordinate in a drawing, to a tenth of a unit. */
    static String coordinate(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
