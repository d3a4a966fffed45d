package org.dti4j.score;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.model.Llama;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;

/**
 * From prompts to click probabilities, by the bi-dimensional softmax over the two label words (docs/method.md section 1). Evaluation and
 * serving use the same one.
 */
public final class Scorer {
    private final Llama model;
    private final Method method;
    private final PromptVocabulary vocabulary;
    private final int tokensPerBatch;

    /** @param tokensPerBatch bound of tokens in one forward pass; a longer prompt goes alone */
    public Scorer(Llama model, Method method, PromptVocabulary vocabulary, int tokensPerBatch) {
        this.model = model;
        this.method = method;
        this.vocabulary = vocabulary;
        this.tokensPerBatch = tokensPerBatch;
    }

    /** P(click) of every target, in the order of prompts and of targets in each. */
    public double[] score(List<Prompt> prompts) {
        double[] probabilities =
                new double[prompts.stream().mapToInt(Prompt::targets).sum()];
        int scored = 0;
        List<Prompt> batch = new ArrayList<>();
        int tokens = 0;
        for (Prompt prompt : prompts) {
            if (!batch.isEmpty() && tokens + prompt.tokens() > tokensPerBatch) {
                scored += scoreBatch(batch, probabilities, scored);
                batch.clear();
                tokens = 0;
            }
            batch.add(prompt);
            tokens += prompt.tokens();
        }
        if (!batch.isEmpty()) {
            scoreBatch(batch, probabilities, scored);
        }
        return probabilities;
    }

    private int scoreBatch(List<Prompt> batch, double[] probabilities, int from) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard()) {
            Layout layout = Layout.of(batch, method, vocabulary.sum());
            Tensor answers = model.placement().integers(new int[] {vocabulary.yes(), vocabulary.no()}, 2);
            Tensor two = model.logits(layout).to(torch.ScalarType.Float).index_select(1, answers);
            float[] shares = Tensors.toFloats(two.softmax(1));
            for (int target = 0; target < layout.targets(); target++) {
                probabilities[from + target] = shares[2 * target];
            }
            return layout.targets();
        }
    }
}
