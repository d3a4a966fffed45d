package org.dti4j.prompt;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * The optimiser steps of one epoch: streams in random order, cut where the number of targets is that of a step. Steps hold
 * equally many targets in every layout, because paradigms are compared at equal targets per step (docs/method.md section 8): exactly
 * as many where streams of the right length are at hand, and never so that the differences add up. The plan is a function of its
 * arguments alone.
 */
public final class BatchPlan {
    /** How far ahead a step looks for a stream that still fits, when the next one does not. */
    private static final int LOOKAHEAD = 256;

    private final List<Stream> streams;
    private final int[] order;
    private final int[] stepEnds;

    /** Targets that are left of the last stream in the order. */
    private final int lastKept;

    private BatchPlan(List<Stream> streams, Cutting cutting) {
        this.streams = streams;
        this.order = cutting.order;
        this.stepEnds = cutting.ends.stream().mapToInt(Integer::intValue).toArray();
        this.lastKept = cutting.lastKept;
    }

    /**
     * Plans an epoch.
     *
     * @param streams all streams of an epoch
     * @param targetsPerStep how many targets a step should have
     * @param maxTargets the epoch ends after so many targets, within a stream if need be; {@code Long.MAX_VALUE} for all
     * @param seed of the order
     * @param epoch counted from 0, each with another order
     */
    public static BatchPlan of(List<Stream> streams, int targetsPerStep, long maxTargets, long seed, int epoch) {
        if (targetsPerStep < 1 || maxTargets < 1) {
            throw new IllegalArgumentException("targets per step = %d, most targets = %d, both must be >= 1"
                    .formatted(targetsPerStep, maxTargets));
        }
        Random random = Shuffle.random(Shuffle.seed(seed, epoch));
        Cutting cutting = new Cutting(streams, Shuffle.order(streams.size(), random), maxTargets);
        cutting.run(targetsPerStep);
        return new BatchPlan(streams, cutting);
    }

    /** Number of optimiser steps. */
    public int steps() {
        return stepEnds.length;
    }

    /** The streams of a step, in random order. */
    public List<Stream> step(int step) {
        int from = step == 0 ? 0 : stepEnds[step - 1];
        int end = stepEnds[step];
        return new AbstractList<>() {
            @Override
            public Stream get(int index) {
                return at(from + Objects.checkIndex(index, size()));
            }

            @Override
            public int size() {
                return end - from;
            }
        };
    }

    private Stream at(int position) {
        Stream stream = streams.get(order[position]);
        boolean last = position == stepEnds[stepEnds.length - 1] - 1;
        return last && lastKept < stream.targets() ? stream.cut(lastKept) : stream;
    }

    /** Number of targets of a step: what the sum of its losses is divided by. */
    public int targets(int step) {
        return step(step).stream().mapToInt(Stream::targets).sum();
    }

    /**
     * Cuts a step into micro-batches, longest streams first, so that a lack of memory shows at once. No micro-batch has more than
     * {@code budget} tokens; a stream above the budget goes alone.
     *
     * @param tokens length of a stream's prompt
     * @param least so many micro-batches at least, of about equal length, if there are as many streams
     */
    public static List<List<Stream>> microBatches(
            List<Stream> step, ToIntFunction<Stream> tokens, int budget, int least) {
        record Measured(Stream stream, int tokens) {}
        List<Measured> sorted = step.stream()
                .map(stream -> new Measured(stream, tokens.applyAsInt(stream)))
                .sorted(Comparator.comparingInt(Measured::tokens).reversed())
                .toList();
        long total = sorted.stream().mapToLong(Measured::tokens).sum();
        long bound = Math.min(budget, (total + least - 1) / least);
        List<List<Stream>> batches = new ArrayList<>();
        List<Stream> batch = new ArrayList<>();
        long length = 0;
        for (Measured measured : sorted) {
            if (!batch.isEmpty() && length + measured.tokens > bound) {
                batches.add(List.copyOf(batch));
                batch.clear();
                length = 0;
            }
            length += measured.tokens;
            batch.add(measured.stream);
        }
        if (!batch.isEmpty()) {
            batches.add(List.copyOf(batch));
        }
        return List.copyOf(batches);
    }

    /** Cuts a random order into steps; streams that fill a step exactly are moved up a little. */
    private static final class Cutting {
        private final int[] sizes;
        private final int[] order;
        private final long total;
        private final List<Integer> ends = new ArrayList<>();
        private int head;
        private long done;
        private int lastKept = Integer.MAX_VALUE;

        Cutting(List<Stream> streams, int[] order, long maxTargets) {
            this.order = order;
            sizes = streams.stream().mapToInt(Stream::targets).toArray();
            total = Math.min(maxTargets, Arrays.stream(sizes).asLongStream().sum());
        }

        void run(int targetsPerStep) {
            long steps = Math.max(1, Math.round((double) total / targetsPerStep));
            while (done < total) {
                long step = Math.min(steps, Math.round((double) done / targetsPerStep) + 1);
                fill(step == steps ? total : step * targetsPerStep);
                ends.add(head);
            }
        }

        /** Begins with the stream whose turn it is, whatever its size: so none waits for longer than a step. */
        private void fill(long goal) {
            take(head);
            while (done < goal) {
                long room = goal - done;
                int fitting = fitting(room);
                if (fitting < 0) {
                    boolean nearerWithIt = sizes[order[head]] - room < room;
                    if (nearerWithIt || goal == total) {
                        take(head);
                    }
                    return;
                }
                take(fitting);
            }
        }

        /** The next stream if it fits; or else one of those behind it, best one that fits exactly; or else -1. */
        private int fitting(long room) {
            if (head < order.length && sizes[order[head]] <= room) {
                return head;
            }
            int first = -1;
            int end = Math.min(order.length, head + LOOKAHEAD);
            for (int i = head; i < end; i++) {
                if (sizes[order[i]] == room) {
                    return i;
                }
                first = first < 0 && sizes[order[i]] < room ? i : first;
            }
            return first;
        }

        private void take(int position) {
            int stream = order[position];
            System.arraycopy(order, head, order, head + 1, position - head);
            order[head++] = stream;
            lastKept = (int) Math.min(sizes[stream], total - done);
            done += lastKept;
        }
    }
}
