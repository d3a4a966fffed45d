package org.dti4j.train;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Counts the workers that a step's buckets still wait for: a bucket is whole when each of them has left its layers for the last time. */
final class BucketCount {
    private final Buckets buckets;
    private final AtomicInteger[] missing;
    private final IntConsumer whole;

    /** @param whole told each bucket once, by the worker that came last */
    BucketCount(Buckets buckets, int workers, IntConsumer whole) {
        this.buckets = buckets;
        this.missing = Stream.generate(() -> new AtomicInteger(Math.max(1, workers)))
                .limit(buckets.count())
                .toArray(AtomicInteger[]::new);
        this.whole = whole;
    }

    /** Said by each worker of each layer, in the last micro-batch that it has. */
    void left(int layer) {
        int bucket = buckets.wholeAfter(layer);
        if (bucket >= 0 && missing[bucket].decrementAndGet() == 0) {
            whole.accept(bucket);
        }
    }

    /** All workers have ended: what is not whole yet is now. The last bucket waits for this, and all do if there was no worker. */
    void finish() {
        IntStream.range(0, missing.length)
                .filter(bucket -> missing[bucket].get() > 0)
                .forEach(whole);
    }
}
