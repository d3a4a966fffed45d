package org.dti4j.train;

/** Configurations for tests: ten targets per step, no warm-up, no decay, no clipping, no patience. */
final class Configs {
    private int epochs = 3;
    private long maxTargets;
    private double maxSeconds;
    private double learningRate = 0.02;
    private TrainConfig.Schedule schedule = TrainConfig.Schedule.COSINE;
    private double warmup;
    private double beta2 = 0.999;
    private double clip;
    private int patience;
    private long validateEvery;
    private long saveEvery;

    Configs epochs(int value) {
        epochs = value;
        return this;
    }

    Configs maxTargets(long value) {
        maxTargets = value;
        return this;
    }

    Configs maxSeconds(double value) {
        maxSeconds = value;
        return this;
    }

    Configs learningRate(double value) {
        learningRate = value;
        return this;
    }

    Configs schedule(TrainConfig.Schedule value) {
        schedule = value;
        return this;
    }

    Configs warmup(double value) {
        warmup = value;
        return this;
    }

    Configs beta2(double value) {
        beta2 = value;
        return this;
    }

    Configs clip(double value) {
        clip = value;
        return this;
    }

    Configs patience(int value) {
        patience = value;
        return this;
    }

    Configs validateEvery(long value) {
        validateEvery = value;
        return this;
    }

    Configs saveEvery(long value) {
        saveEvery = value;
        return this;
    }

    TrainConfig build() {
        return new TrainConfig(
                10,
                epochs,
                maxTargets,
                maxSeconds,
                learningRate,
                schedule,
                warmup,
                0.01,
                beta2,
                clip,
                patience,
                validateEvery,
                saveEvery,
                0,
                1000,
                -1,
                false,
                0,
                7);
    }
}
