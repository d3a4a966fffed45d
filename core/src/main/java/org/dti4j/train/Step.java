package org.dti4j.train;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.prompt.Stream;

/**
 * What one optimiser step trains on.
 *
 * @param microBatches streams of each forward pass; together they make the step's gradient
 */
public record Step(List<List<Stream>> microBatches) {
    public Step {
        microBatches = microBatches.stream().map(List::copyOf).toList();
        if (microBatches.isEmpty() || microBatches.stream().anyMatch(List::isEmpty)) {
            throw new IllegalArgumentException("a step has at least one micro-batch, each of at least one stream");
        }
    }

    public int targets() {
        return microBatches.stream()
                .flatMap(List::stream)
                .mapToInt(Stream::targets)
                .sum();
    }

    /** The step's first targets, at most {@code targets} of them: the last stream loses its tail if it must. */
    Step first(long targets) {
        if (targets < 1) {
            throw new IllegalArgumentException("targets = %d, must be >= 1".formatted(targets));
        }
        long left = targets;
        List<List<Stream>> kept = new ArrayList<>();
        for (List<Stream> microBatch : microBatches) {
            List<Stream> streams = new ArrayList<>();
            for (Stream stream : microBatch) {
                if (left > 0) {
                    int count = (int) Math.min(left, stream.targets());
                    streams.add(stream.cut(count));
                    left -= count;
                }
            }
            if (!streams.isEmpty()) {
                kept.add(streams);
            }
        }
        return new Step(kept);
    }
}
