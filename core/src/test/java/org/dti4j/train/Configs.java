package org.dti4j.train;

/** Configurations for tests. */
public final class Configs {
    private Configs() {}

    /** Where nothing else is said ten targets per step, no warm-up, no clipping, no patience. */
    public static TrainConfigBuilder plain() {
        return TrainConfigBuilder.builder()
                .targetsPerStep(10)
                .epochs(3)
                .learningRate(0.02)
                .schedule(TrainConfig.Schedule.COSINE)
                .weightDecay(0.01)
                .beta2(0.999)
                .tokensPerMicroBatch(1000)
                .minContext(-1)
                .seed(7);
    }
}
