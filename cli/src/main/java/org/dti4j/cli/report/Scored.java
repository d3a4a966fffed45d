package org.dti4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.metric.Metrics;
import org.jspecify.annotations.Nullable;

/**
 * A row of the comparison: a run or a baseline.
 *
 * @param run null for a baseline
 */
record Scored(String name, Metrics test, @Nullable ReportRun run) {
    static List<Scored> all(ReportModel model) {
        List<Scored> rows = new ArrayList<>();
        model.runs().forEach(run -> rows.add(new Scored(run.name(), run.test(), run)));
        model.baselines().forEach(baseline -> rows.add(new Scored(baseline.name(), baseline.test(), null)));
        return rows;
    }

    boolean isBaseline() {
        return run == null;
    }

    /** The class of its colour; baselines are grey. */
    String cssClass() {
        return run == null ? "c-baseline" : run.colour().cssClass();
    }
}
