package org.dti4j.run;

import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.dti4j.prompt.BatchPlan;
import org.dti4j.prompt.Stream;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.train.Step;
import org.dti4j.train.StepSource;
import org.dti4j.train.TrainConfig;

/**
 * The optimiser steps of a run: every epoch another order of the same streams.
 *
 * @param tokens length of a stream's prompt
 * @param workers how many micro-batches are trained at a time
 */
public record PlannedSteps(StreamPlan streams, TrainConfig config, ToIntFunction<Stream> tokens, int workers)
        implements StepSource {
    @Override
    public long targetsPerEpoch() {
        return streams.targets();
    }

    @Override
    public Iterator<Step> epoch(int epoch, long from) {
        BatchPlan plan = BatchPlan.of(streams, config.targetsPerStep(), Long.MAX_VALUE, config.seed(), epoch);
        return IntStream.range(Math.toIntExact(from), plan.steps())
                .mapToObj(step -> microBatches(inOrder(plan.step(step), epoch)))
                .iterator();
    }

    private List<Stream> inOrder(List<Stream> step, int epoch) {
        return config.shuffleHistories()
                ? step.stream()
                        .map(stream -> stream.shuffled(config.seed(), epoch, config.shuffleDistance()))
                        .toList()
                : step;
    }

    private Step microBatches(List<Stream> step) {
        return new Step(BatchPlan.microBatches(step, tokens, config.tokensPerMicroBatch(), workers));
    }
}
