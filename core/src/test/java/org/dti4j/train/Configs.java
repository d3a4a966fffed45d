package org.dti4j.train;

/** Configurations for tests: where nothing else is said ten targets per step, no warm-up, no clipping, no patience. */
public final class Configs {
    private int targetsPerStep = 10;
    private int epochs = 3;
    private long maxTargets;
    private double maxSeconds;
    private double learningRate = 0.02;
    private TrainConfig.Schedule schedule = TrainConfig.Schedule.COSINE;
    private double warmup;
    private double weightDecay = 0.01;
    private double beta2 = 0.999;
    private double clip;
    private int patience;
    private long validateEvery;
    private long saveEvery;
    private int validationTargets;
    private int minContext = -1;
    private boolean shuffleHistories;
    private int shuffleDistance;
    private long seed = 7;

    public Configs targetsPerStep(int value) {
        targetsPerStep = value;
        return this;
    }

    public Configs epochs(int value) {
        epochs = value;
        return this;
    }

    public Configs maxTargets(long value) {
        maxTargets = value;
        return this;
    }

    public Configs maxSeconds(double value) {
        maxSeconds = value;
        return this;
    }

    public Configs learningRate(double value) {
        learningRate = value;
        return this;
    }

    public Configs schedule(TrainConfig.Schedule value) {
        schedule = value;
        return this;
    }

    public Configs warmup(double value) {
        warmup = value;
        return this;
    }

    public Configs weightDecay(double value) {
        weightDecay = value;
        return this;
    }

    public Configs beta2(double value) {
        beta2 = value;
        return this;
    }

    public Configs clip(double value) {
        clip = value;
        return this;
    }

    public Configs patience(int value) {
        patience = value;
        return this;
    }

    public Configs validateEvery(long value) {
        validateEvery = value;
        return this;
    }

    public Configs saveEvery(long value) {
        saveEvery = value;
        return this;
    }

    public Configs validationTargets(int value) {
        validationTargets = value;
        return this;
    }

    public Configs minContext(int value) {
        minContext = value;
        return this;
    }

    public Configs seed(long value) {
        seed = value;
        return this;
    }

    public Configs shuffleHistories(int distance) {
        shuffleHistories = true;
        shuffleDistance = distance;
        return this;
    }

    public TrainConfig build() {
        return new TrainConfig(
                targetsPerStep,
                epochs,
                maxTargets,
                maxSeconds,
                learningRate,
                schedule,
                warmup,
                weightDecay,
                beta2,
                clip,
                patience,
                validateEvery,
                saveEvery,
                validationTargets,
                1000,
                minContext,
                shuffleHistories,
                shuffleDistance,
                seed);
    }
}
