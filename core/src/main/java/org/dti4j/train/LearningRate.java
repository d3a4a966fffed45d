package org.dti4j.train;

/**
 * The course of the learning rate over a run: a linear rise over the share {@code warmup}, then a fall to 0 (cosine, linear) or none.
 *
 * <p>It runs over the share of the run that is done, not over steps, so that one definition serves runs that are bounded by targets and
 * runs that are bounded by time. With equal steps, step s of S (from 0) has the rate of (s+1)/(S·warmup) while that is below
 * 1, and of the decay at (s − S·warmup)/(S − S·warmup) afterwards: neither the first step nor the last is wasted on a rate of 0, and
 * the highest rate is reached exactly.
 */
final class LearningRate {
    private final TrainConfig.Schedule schedule;
    private final double highest;
    private final double warmup;

    LearningRate(TrainConfig config) {
        this.schedule = config.schedule();
        this.highest = config.learningRate();
        this.warmup = config.warmup();
    }

    /**
     * The rate of the next step.
     *
     * @param done share of the run that lies behind, 0 … 1; beyond 1 counts as 1
     * @param share of the run that the next step is expected to make up
     */
    double at(double done, double share) {
        if (done < warmup) {
            return highest * Math.min(1, (done + share) / warmup);
        }
        double decay = (Math.min(done, 1) - warmup) / (1 - warmup);
        return highest
                * switch (schedule) {
                    case COSINE -> 0.5 * (1 + Math.cos(Math.PI * decay));
                    case LINEAR -> 1 - decay;
                    case CONSTANT -> 1;
                };
    }
}
