package org.dti4j.train;

import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.prompt.Stream;

/** What the training loop trains: something with parameters that turns streams into gradients. */
public interface Learner {
    /** The trained tensors by name, float32, each a leaf that requires a gradient. Owned by the learner. */
    SortedMap<String, Tensor> parameters();

    /**
     * Forward and backward pass over one micro-batch: adds to the parameters' gradients those of the sum of the
     * cross-entropies at all its [SUM]s, divided by {@code targetsInStep} (docs/method.md section 1: the mean is over the global
     * batch, not over a prompt).
     *
     * @return the sum, not the mean, of the cross-entropies, in nats
     */
    double accumulate(List<Stream> microBatch, int targetsInStep);

    /** Number of tokens that the prompt of a stream has: what micro-batches are bounded by. */
    int tokens(Stream stream);
}
