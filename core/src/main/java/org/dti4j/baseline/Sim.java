package org.dti4j.baseline;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.baseline.Din.Interest;
import org.dti4j.baseline.Layers.Perceptron;
import org.dti4j.tensor.Tensors;

/**
 * Search-based Interest Model, hard search (Pi et al., CIKM 2020, arXiv 2006.05639): of the whole history the interactions of the target's
 * category, each beside the age that it has, z = [e; age]; attention by heads, softmax(W_b·z · W_a·t) over z (Eqs. 5, 6); the context itself as
 * DIN reads it, where the paper has DIEN. It alone reads beyond the context.
 */
record Sim(
        Embeddings embeddings,
        Tensor ages,
        List<Tensor> ofFound,
        List<Tensor> ofTarget,
        Interest interest,
        Perceptron head)
        implements Network {
    private static final int HEADS = 2;
    private static final double HIDDEN = -1e9;

    static Sim of(Parameters parameters, ItemTable table, int width) {
        return new Sim(
                Embeddings.of(parameters, table, width),
                parameters.embedding("ages", Examples.AGES + 1, width),
                matrices(parameters, "found", width, 2 * width),
                matrices(parameters, "target", width, width),
                Interest.of(parameters, width),
                Perceptron.of(parameters, "head", (2 * HEADS + 2) * width, 80, 40));
    }

    private static List<Tensor> matrices(Parameters parameters, String name, int outputs, int inputs) {
        return IntStream.range(0, HEADS)
                .mapToObj(head -> parameters.matrix(name + head, outputs, inputs))
                .toList();
    }

    @Override
    public Tensor logits(Examples examples) {
        Tensor targets = embeddings.targets(examples);
        Tensor mask = Embeddings.mask(examples.foundItems(), examples.count(), examples.found());
        Tensor age = Embeddings.rows(ages, examples.foundAges())
                .view(examples.count(), examples.found(), embeddings.width())
                .mul(mask.unsqueeze(-1));
        Tensor found = Tensors.join(-1, embeddings.found(examples), age);
        Tensor hidden = mask.sub(new Scalar(1.0)).mul(new Scalar(-HIDDEN));
        List<Tensor> parts = new ArrayList<>();
        for (int head = 0; head < HEADS; head++) {
            Tensor keys = found.matmul(ofFound.get(head).t());
            Tensor query = targets.matmul(ofTarget.get(head).t()).unsqueeze(1);
            Tensor shares = Layers.sum(keys.mul(query), -1).add(hidden).softmax(1);
            parts.add(Layers.sum(shares.unsqueeze(-1).mul(found), 1)); // zero where nothing was found
        }
        parts.add(interest.of(embeddings.context(examples), targets));
        parts.add(targets);
        return head.of(Tensors.join(-1, parts.toArray(Tensor[]::new)));
    }
}
