package org.dti4j.train;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.distribute.Peers;
import org.dti4j.tensor.Scope;

/**
 * Sums the gradients of a step over all peers, in a thread of its own: one bucket after another, each when it is whole here, while the
 * backward pass goes on. All peers have the same buckets in the same order; each element is summed as if all were one vector.
 */
final class GradientExchange implements AutoCloseable {
    private final Buckets buckets;
    private final List<SharedTensors> shared;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread exchanging = new Thread(task, "dti4j-exchange");
        exchanging.setDaemon(true);
        return exchanging;
    });

    GradientExchange(Peers peers, Buckets buckets) {
        this.buckets = buckets;
        this.shared = Stream.generate(() -> new SharedTensors(peers))
                .limit(buckets.count())
                .toList();
    }

    Buckets buckets() {
        return buckets;
    }

    /**
     * Makes the gradients of a step and has them summed.
     *
     * @param backward adds to the gradients, and says of each bucket when it will add no more to it
     * @return what {@code backward} returned, when all sums are there
     */
    double[] during(Function<IntConsumer, double[]> backward) {
        List<CountDownLatch> whole = IntStream.range(0, buckets.count())
                .mapToObj(bucket -> new CountDownLatch(1))
                .toList();
        Future<Boolean> sums = thread.submit(() -> {
            for (int bucket = 0; bucket < whole.size(); bucket++) {
                whole.get(bucket).await();
                sum(bucket);
            }
            return true;
        });
        try {
            double[] losses = backward.apply(bucket -> whole.get(bucket).countDown());
            sums.get();
            return losses;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } finally {
            sums.cancel(true); // if the backward pass failed
        }
    }

    private void sum(int bucket) {
        try (Scope scope = Scope.open()) {
            shared.get(bucket)
                    .sum(buckets.of(bucket).values().stream().map(Tensor::grad).toList());
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
