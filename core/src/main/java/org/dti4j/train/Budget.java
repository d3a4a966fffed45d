package org.dti4j.train;

import org.jspecify.annotations.Nullable;

/**
 * How long a run may be: so many targets, and perhaps so many seconds, whichever ends first. The learning rate runs over the larger of the
 * two shares, so that it has fallen to its end when the run ends, whichever bound it ends by.
 */
final class Budget {
    private final long maxTargets;
    private final double maxSeconds;
    private final long planned;

    Budget(TrainConfig config, long targetsPerEpoch) {
        this.maxTargets = config.maxTargets();
        this.maxSeconds = config.maxSeconds();
        long epochs = Math.multiplyExact(config.epochs(), targetsPerEpoch);
        this.planned = maxTargets > 0 ? Math.min(maxTargets, epochs) : epochs;
    }

    /** Targets that the run has if neither time nor patience ends it. */
    long plannedTargets() {
        return planned;
    }

    /** Share of the run that lies behind, by targets or by time. */
    double done(Position at) {
        double byTargets = (double) at.targets() / planned;
        return maxSeconds > 0 ? Math.max(byTargets, at.seconds() / maxSeconds) : byTargets;
    }

    /** Share that the next step will make up: as much as the steps so far on average. */
    double nextShare(Position at, int targets) {
        return at.step() == 0 ? (double) targets / planned : done(at) / at.step();
    }

    /**
     * The bound that forbids another step, or null. A step may start while at least half of it is expected to fit into the time:
     * runs that are compared at equal time then miss it by nothing on average, rather than by half a step.
     */
    @Nullable
    StopReason spent(Position at) {
        if (maxTargets > 0 && at.targets() >= maxTargets) {
            return StopReason.MAX_TARGETS;
        }
        boolean late = maxSeconds > 0 && at.step() > 0 && at.seconds() + at.seconds() / at.step() / 2 >= maxSeconds;
        return late ? StopReason.MAX_SECONDS : null;
    }

    /** The step, shortened so that the run has {@code maxTargets} exactly. */
    Step cut(Step step, Position at) {
        return maxTargets > 0 && at.targets() + step.targets() > maxTargets
                ? step.first(maxTargets - at.targets())
                : step;
    }

    /**
     * Seconds until the first bound, at the speed since a run was begun or resumed, whatever the machine had to do before; 0 before the
     * first step.
     */
    double secondsLeft(Position begun, Position at) {
        if (at.targets() == begun.targets()) {
            return 0;
        }
        double each = (at.seconds() - begun.seconds()) / (at.targets() - begun.targets());
        double byTargets = (planned - at.targets()) * each;
        return Math.max(0, maxSeconds > 0 ? Math.min(byTargets, maxSeconds - at.seconds()) : byTargets);
    }
}
