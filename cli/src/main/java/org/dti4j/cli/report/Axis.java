package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A linear axis with ticks at round numbers.
 *
 * @param low the value at {@code start}
 * @param high the value at {@code end}
 * @param start coordinate of the lower end
 * @param end coordinate of the upper end, below {@code start} for an axis that points upwards
 * @param step distance of ticks
 */
record Axis(double low, double high, double start, double end, double step) {
    /** From {@code low} to {@code high} exactly, with about {@code ticks} ticks. */
    static Axis exact(double low, double high, double start, double end, int ticks) {
        if (!(low < high)) { // one value only: give it room
            double room = low == 0 ? 1 : Math.abs(low) * 0.05;
            return exact(low - room, high + room, start, end, ticks);
        }
        return new Axis(low, high, start, end, roundStep((high - low) / ticks));
    }

    /** Widened so that both ends are ticks. */
    static Axis rounded(double low, double high, double start, double end, int ticks) {
        Axis axis = exact(low, high, start, end, ticks);
        double step = axis.step;
        return new Axis(
                Math.floor(axis.low / step + 1e-9) * step, Math.ceil(axis.high / step - 1e-9) * step, start, end, step);
    }

    private static double roundStep(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        return DoubleStream.of(1, 2, 5, 10)
                .map(factor -> factor * power)
                .filter(step -> step >= atLeast * (1 - 1e-9))
                .findFirst()
                .orElse(10 * power);
    }

    double place(double value) {
        return start + (value - low) / (high - low) * (end - start);
    }

    /** The ticks, by rising value. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        long first = Math.round(Math.ceil(low / step - 1e-9));
        for (long i = first; i * step <= high + step * 1e-9; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** How many decimal places tell the ticks apart. */
    int places() {
        return (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    }
}
