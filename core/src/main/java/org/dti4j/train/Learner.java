package org.dti4j.train;

import java.util.SortedMap;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.prompt.Stream;

/** What the training loop trains: something with parameters that turns streams into gradients. */
public interface Learner {
    /** The trained tensors by name, float32, each a leaf that requires a gradient. Owned by the learner. */
    SortedMap<String, Tensor> parameters();

    /**
     * Forward and backward pass over the micro-batches of a step: adds to the parameters' gradients those of the sum of the
     * cross-entropies at all [SUM]s, divided by the step's targets (docs/method.md section 1: the mean is over the global batch, not over a
     * prompt).
     *
     * @param seed of whatever is drawn at random: a step with the same seed draws the same
     * @return for each micro-batch the sum, not the mean, of its cross-entropies, in nats; 0 for one that another peer has
     */
    double[] accumulate(Step step, long seed);

    /**
     * The same, for peers that exchange gradients meanwhile.
     *
     * @param buckets of the parameters
     * @param whole told the number of each bucket when nothing will be added to its gradients any more; by any thread, in any order
     */
    default double[] accumulate(Step step, long seed, Buckets buckets, IntConsumer whole) {
        double[] losses = accumulate(step, seed);
        IntStream.range(0, buckets.count()).forEach(whole);
        return losses;
    }

    /** Number of tokens that the prompt of a stream has: what micro-batches are bounded by. */
    int tokens(Stream stream);
}
