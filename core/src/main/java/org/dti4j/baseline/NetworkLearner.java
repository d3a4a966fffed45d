package org.dti4j.baseline;

import java.util.List;
import java.util.SortedMap;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Placement;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.train.Learner;
import org.dti4j.train.Step;

/** Trains a network by the cross-entropy of its log-odds, and scores by it. A target counts as one token. */
final class NetworkLearner implements Learner {
    private static final int ROWS_AT_ONCE = 2048;

    private final Network network;
    private final Parameters parameters;
    private final ExampleWriter writer;

    NetworkLearner(Network network, Parameters parameters, ExampleWriter writer) {
        this.network = network;
        this.parameters = parameters;
        this.writer = writer;
    }

    @Override
    public SortedMap<String, Tensor> parameters() {
        return parameters.all();
    }

    /** Draws nothing, whatever the seed. */
    @Override
    public double[] accumulate(Step step, long seed) {
        return step.microBatches().stream()
                .mapToDouble(batch -> accumulate(batch, step.targets()))
                .toArray();
    }

    private double accumulate(List<Stream> microBatch, int targetsInStep) {
        try (Scope scope = Scope.open()) {
            Examples examples = writer.write(microBatch);
            Tensor logits = network.logits(examples);
            Tensor labels = Placement.CPU_FLOAT32.floats(examples.labels(), examples.count());
            Tensor loss = torch.softplus(logits).sub(logits.mul(labels)).sum();
            loss.div(new Scalar((double) targetsInStep)).backward();
            return loss.item_double();
        }
    }

    @Override
    public int tokens(Stream stream) {
        return stream.targets();
    }

    /** P(click) of all targets, in the order of the streams. */
    double[] score(List<Stream> streams) {
        double[] probabilities =
                new double[streams.stream().mapToInt(Stream::targets).sum()];
        int scored = 0;
        for (int from = 0; from < streams.size(); from += ROWS_AT_ONCE) {
            List<Stream> some = streams.subList(from, Math.min(streams.size(), from + ROWS_AT_ONCE));
            try (Scope scope = Scope.open();
                    NoGradGuard guard = new NoGradGuard()) {
                for (float share :
                        Tensors.toFloats(network.logits(writer.write(some)).sigmoid())) {
                    probabilities[scored++] = share;
                }
            }
        }
        return probabilities;
    }
}
