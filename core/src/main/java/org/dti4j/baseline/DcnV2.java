package org.dti4j.baseline;

import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.baseline.Layers.Linear;
import org.dti4j.tensor.Tensors;

/**
 * Deep and Cross Network V2 (Wang et al., WWW 2021, arXiv 2008.13535): x₀ is the target beside the mean of its context, crossed by
 * x_{l+1} = x₀ ⊙ (W_l·x_l + b_l) + x_l (Eq. 1); the deep part in parallel, ReLU; a linear answer from both.
 */
record DcnV2(Embeddings embeddings, List<Linear> cross, List<Linear> deep, Linear answer) implements Network {
    private static final int CROSSES = 2;
    private static final int DEEP = 64;
    private static final int LAST = 32;

    static DcnV2 of(Parameters parameters, ItemTable table, int width) {
        int inputs = 2 * width;
        return new DcnV2(
                Embeddings.of(parameters, table, width),
                IntStream.range(0, CROSSES)
                        .mapToObj(layer -> Linear.of(parameters, "cross" + layer, inputs, inputs))
                        .toList(),
                List.of(Linear.of(parameters, "deep0", DEEP, inputs), Linear.of(parameters, "deep1", LAST, DEEP)),
                Linear.of(parameters, "answer", 1, inputs + LAST));
    }

    @Override
    public Tensor logits(Examples examples) {
        Tensor counts = Layers.sum(Embeddings.mask(examples.items(), examples.count(), examples.context()), 1)
                .clamp_min(new Scalar(1.0));
        Tensor mean = Layers.sum(embeddings.context(examples), 1).div(counts.unsqueeze(-1));
        Tensor first = Tensors.join(-1, embeddings.targets(examples), mean);
        Tensor crossed = first;
        for (Linear layer : cross) {
            crossed = first.mul(layer.of(crossed)).add(crossed);
        }
        Tensor state = first;
        for (Linear layer : deep) {
            state = layer.of(state).relu();
        }
        return answer.of(Tensors.join(-1, crossed, state)).squeeze(-1);
    }
}
