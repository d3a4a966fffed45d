package org.dti4j.train;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.prompt.Stream;
import org.dti4j.tensor.Scope;

/** Trains a Llama to say the label word at each [SUM]: language-modelling cross-entropy over the whole vocabulary (section 1). */
public final class LlamaLearner implements Learner {
    private final Llama model;
    private final SortedMap<String, Tensor> parameters;
    private final Method method;
    private final PromptVocabulary answers;
    private final Function<Stream, Prompt> prompts;
    private final ToIntFunction<Stream> tokens;

    /**
     * @param parameters what is trained, float32 leaves that require a gradient
     * @param prompts writes a planned stream
     * @param tokens the length of a planned stream, without writing it
     */
    public LlamaLearner(
            Llama model,
            SortedMap<String, Tensor> parameters,
            Method method,
            PromptVocabulary answers,
            Function<Stream, Prompt> prompts,
            ToIntFunction<Stream> tokens) {
        this.model = model;
        this.parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
        this.method = method;
        this.answers = answers;
        this.prompts = prompts;
        this.tokens = tokens;
    }

    @Override
    public SortedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public double accumulate(List<Stream> microBatch, int targetsInStep) {
        try (Scope scope = Scope.open()) {
            Layout layout = Layout.of(microBatch.stream().map(prompts).toList(), method, answers.sum());
            Tensor loss = lossSum(layout);
            loss.div(new Scalar((double) targetsInStep)).backward();
            return loss.item_double();
        }
    }

    /** The sum over all targets of the cross-entropy of the label word, in float32 nats. */
    private Tensor lossSum(Layout layout) {
        int[] labels = new int[layout.targets()];
        for (int target = 0; target < labels.length; target++) {
            labels[target] = layout.label(target) ? answers.yes() : answers.no();
        }
        Tensor logProbabilities =
                model.logits(layout).to(torch.ScalarType.Float).log_softmax(1);
        Tensor index = model.placement().integers(labels, labels.length, 1);
        return logProbabilities.gather(1, index).sum().neg();
    }

    @Override
    public int tokens(Stream stream) {
        return tokens.applyAsInt(stream);
    }
}
