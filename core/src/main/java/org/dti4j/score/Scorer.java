package org.dti4j.score;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.NoGradGuard;
import org.dti4j.engine.Engine;
import org.dti4j.engine.Pass;
import org.dti4j.engine.Tape;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import org.dti4j.tensor.Workers;

/**
 * From prompts to click probabilities, by the bi-dimensional softmax over the two label words (docs/method.md section 1). Evaluation and
 * serving use the same one.
 */
public final class Scorer {
    private final Engine engine;
    private final Method method;
    private final PromptVocabulary vocabulary;
    private final int tokensPerBatch;
    private final Workers workers;

    /** @param tokensPerBatch bound of tokens in one forward pass; a longer prompt goes alone */
    public Scorer(Engine engine, Method method, PromptVocabulary vocabulary, int tokensPerBatch, Workers workers) {
        this.engine = engine;
        this.method = method;
        this.vocabulary = vocabulary;
        this.tokensPerBatch = tokensPerBatch;
        this.workers = workers;
    }

    /** P(click) of every target, in the order of prompts and of targets in each. */
    public double[] score(List<Prompt> prompts) {
        List<List<Prompt>> batches = batches(prompts);
        if (batches.size() == 1) {
            return scoreBatch(batches.get(0), (layout, tape) -> engine.pass(layout, tape, workers));
        }
        List<Callable<double[]>> tasks = new ArrayList<>();
        for (List<Prompt> batch : batches) {
            tasks.add(() -> scoreBatch(batch, engine::pass));
        }
        return workers.run(tasks).stream().flatMapToDouble(Arrays::stream).toArray();
    }

    /** In order, within the bound, and at least as many as there are workers. */
    private List<List<Prompt>> batches(List<Prompt> prompts) {
        long total = prompts.stream().mapToLong(Prompt::tokens).sum();
        long bound = Math.min(tokensPerBatch, (total + workers.count() - 1) / workers.count());
        List<List<Prompt>> batches = new ArrayList<>();
        long tokens = 0;
        for (Prompt prompt : prompts) {
            if (batches.isEmpty() || tokens + prompt.tokens() > bound) {
                batches.add(new ArrayList<>());
                tokens = 0;
            }
            batches.get(batches.size() - 1).add(prompt);
            tokens += prompt.tokens();
        }
        return batches;
    }

    private double[] scoreBatch(List<Prompt> batch, BiFunction<Layout, Tape, Pass> passOf) {
        try (Scope scope = Scope.open();
                NoGradGuard guard = new NoGradGuard();
                Tape tape = Tape.scoring()) {
            Layout layout = Layout.of(batch, method, vocabulary.sum());
            Pass pass = passOf.apply(layout, tape);
            return Answers.probabilities(Tensors.toFloats(pass.logits(Answers.words(vocabulary))));
        }
    }
}
