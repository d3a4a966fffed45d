package org.dti4j.train;

import io.soabase.recordbuilder.core.RecordBuilder;
import org.dti4j.problem.Problems;

/**
 * The section {@code train} of a run's configuration.
 *
 * @param targetsPerStep targets of one optimiser step, equal for every layout
 * @param epochs at most so many passes over the training targets
 * @param maxTargets stop after so many targets; 0 for no limit
 * @param maxSeconds stop after so much training time, validation not counted; 0 for no limit
 * @param learningRate the highest of the schedule
 * @param schedule of the learning rate after warm-up
 * @param warmup share of all steps in which the learning rate rises from 0
 * @param weightDecay of AdamW
 * @param beta2 of AdamW: decay of the mean of squared gradients, which scales the step of each weight
 * @param clip largest norm of the global gradient; 0 for no clipping
 * @param patience validations without a better AUC before training stops early; 0 for never
 * @param validateEvery targets between validations; 0 for once per epoch
 * @param saveEvery targets between saved states, besides those after each validation; 0 for none
 * @param validationTargets at most so many validation targets, drawn once by seed; 0 for all
 * @param tokensPerMicroBatch bound of tokens in one forward pass; a longer stream goes alone
 * @param minContext interactions that a target needs before it; -1 for the method's context
 * @param shuffleHistories whether each epoch reads every user's training interactions in another random order instead of that of time
 * @param shuffleDistance with {@code shuffleHistories}: each interaction stays nearer than this to its place in time; 0 for anywhere
 * @param seed of order, dropout and initial weights
 */
@RecordBuilder
public record TrainConfig(
        int targetsPerStep,
        int epochs,
        long maxTargets,
        double maxSeconds,
        double learningRate,
        Schedule schedule,
        double warmup,
        double weightDecay,
        double beta2,
        double clip,
        int patience,
        long validateEvery,
        long saveEvery,
        int validationTargets,
        int tokensPerMicroBatch,
        int minContext,
        boolean shuffleHistories,
        int shuffleDistance,
        long seed)
        implements TrainConfigBuilder.With {
    /** Course of the learning rate after warm-up. */
    public enum Schedule {
        COSINE,
        LINEAR,
        CONSTANT
    }

    public TrainConfig {
        Problems.in("train")
                .require(targetsPerStep >= 1, "targetsPerStep", targetsPerStep, ">= 1")
                .require(epochs >= 1, "epochs", epochs, ">= 1")
                .require(maxTargets >= 0, "maxTargets", maxTargets, ">= 0")
                .require(maxSeconds >= 0, "maxSeconds", maxSeconds, ">= 0")
                .require(learningRate > 0, "learningRate", learningRate, "> 0")
                .require(warmup >= 0 && warmup < 1, "warmup", warmup, "in [0, 1)")
                .require(weightDecay >= 0, "weightDecay", weightDecay, ">= 0")
                .require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "in [0, 1)")
                .require(clip >= 0, "clip", clip, ">= 0")
                .require(patience >= 0, "patience", patience, ">= 0")
                .require(validateEvery >= 0, "validateEvery", validateEvery, ">= 0")
                .require(saveEvery >= 0, "saveEvery", saveEvery, ">= 0")
                .require(validationTargets >= 0, "validationTargets", validationTargets, ">= 0")
                .require(tokensPerMicroBatch >= 1, "tokensPerMicroBatch", tokensPerMicroBatch, ">= 1")
                .require(minContext >= -1, "minContext", minContext, ">= -1")
                .require(shuffleDistance >= 0, "shuffleDistance", shuffleDistance, ">= 0")
                .require(
                        shuffleHistories || shuffleDistance <= 0,
                        "shuffleDistance",
                        shuffleDistance,
                        "0 unless train.shuffleHistories is true")
                .throwIfAny();
    }

    /** What is not named is 0 or false: no bound, no weight decay, validation once per epoch, histories as they are. */
    public static TrainConfig defaults() {
        return TrainConfigBuilder.builder()
                .targetsPerStep(200)
                .epochs(10)
                .learningRate(1e-4)
                .schedule(Schedule.COSINE)
                .warmup(0.05)
                .beta2(0.999)
                .clip(1)
                .patience(2)
                .saveEvery(20_000)
                .validationTargets(4000)
                .tokensPerMicroBatch(4096)
                .minContext(-1)
                .seed(1)
                .build();
    }
}
