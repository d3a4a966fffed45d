package org.dti4j.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dti4j.metric.Auc;
import org.dti4j.metric.LogLoss;
import org.dti4j.metric.PairedDifference;
import org.dti4j.metric.UserBootstrap;
import org.dti4j.run.ScoredTargets;

/** How two scorers of the same targets differ, pair by pair. */
final class Differences {
    private Differences() {}

    /** The first minus the second, by the name of the metric; the seed is the bootstrap's. */
    static Map<String, PairedDifference> of(ScoredTargets first, ScoredTargets second, long seed) {
        Map<String, PairedDifference> differences = new LinkedHashMap<>();
        differences.put("auc", Auc.difference(first.predictions(), second.predictions()));
        differences.put(
                "logLoss", LogLoss.difference(first.predictions(), second.predictions(), new UserBootstrap(seed)));
        return differences;
    }
}
