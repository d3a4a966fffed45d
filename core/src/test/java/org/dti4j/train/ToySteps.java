package org.dti4j.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.dti4j.prompt.Stream;

/** Steps of two micro-batches of streams of five targets, shuffled anew in each epoch. */
record ToySteps(int stepsPerEpoch, int targetsPerStep) implements StepSource {
    static final int TARGETS_PER_STREAM = 5;

    static Stream stream(int user) {
        return new Stream(user, 0, 3, 3 + TARGETS_PER_STREAM);
    }

    @Override
    public long targetsPerEpoch() {
        return (long) stepsPerEpoch * targetsPerStep;
    }

    List<Stream> streams() {
        List<Stream> streams = new ArrayList<>();
        for (int user = 0; user < targetsPerEpoch() / TARGETS_PER_STREAM; user++) {
            streams.add(stream(user));
        }
        return streams;
    }

    @Override
    public Iterator<Step> epoch(int epoch, long from) {
        List<Stream> streams = streams();
        Collections.shuffle(streams, new Random(epoch + 100));
        int perStep = targetsPerStep / TARGETS_PER_STREAM;
        List<Step> steps = new ArrayList<>();
        for (int step = (int) from; step < stepsPerEpoch; step++) {
            List<Stream> own = streams.subList(step * perStep, (step + 1) * perStep);
            int half = Math.max(1, own.size() / 2);
            steps.add(
                    half < own.size()
                            ? new Step(List.of(own.subList(0, half), own.subList(half, own.size())))
                            : new Step(List.of(own)));
        }
        return steps.iterator();
    }
}
