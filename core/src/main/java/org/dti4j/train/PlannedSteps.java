package org.dti4j.train;

import java.util.Iterator;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.dti4j.prompt.BatchPlan;
import org.dti4j.prompt.Stream;

/** The steps of a {@link BatchPlan} per epoch, cut into micro-batches when their turn comes. */
public final class PlannedSteps implements StepSource {
    private final TrainConfig config;
    private final List<Stream> streams;
    private final ToIntFunction<Stream> tokens;
    private final long targets;

    /**
     * @param config targets per step, tokens per micro-batch, seed of the order
     * @param streams all of an epoch
     * @param tokens length of a stream's prompt
     */
    public PlannedSteps(TrainConfig config, List<Stream> streams, ToIntFunction<Stream> tokens) {
        this.config = config;
        this.streams = streams;
        this.tokens = tokens;
        this.targets = streams.stream().mapToLong(Stream::targets).sum();
    }

    @Override
    public long targetsPerEpoch() {
        return targets;
    }

    @Override
    public Iterator<Step> epoch(int epoch, long from) {
        // the loop itself stops at maxTargets: here the order must not depend on it, so that a run can be prolonged
        BatchPlan plan = BatchPlan.of(streams, config.targetsPerStep(), Long.MAX_VALUE, config.seed(), epoch);
        return IntStream.range((int) from, plan.steps())
                .mapToObj(
                        step -> new Step(BatchPlan.microBatches(plan.step(step), tokens, config.tokensPerMicroBatch())))
                .iterator();
    }
}
