package org.dti4j.cli;

import org.dti4j.data.History;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.method.Flops;
import org.dti4j.method.Layout;
import org.dti4j.method.Method;
import org.dti4j.method.ModelShape;
import org.dti4j.method.Targets;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.SegmentTokenizer;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.run.ClickModel;
import org.dti4j.run.Forecast;
import org.dti4j.run.RunConfig;

/**
 * What costs are counted for.
 *
 * @param context n
 * @param targets k, of one stream
 * @param tokensPerInteraction c
 * @param prefixTokens P
 * @param shape of the model
 */
record FlopsSubject(int context, int targets, int tokensPerInteraction, int prefixTokens, ModelShape shape) {
    /** Measured on a run's training data, with its own tokenizer. */
    static FlopsSubject of(RunConfig config, Progress progress) {
        Method method = config.method();
        Targets targets =
                streams(method.name()) ? method.targets() : Method.named("dti").targets();
        if (targets.equals(Targets.ALL)) {
            throw new UserException("method.targets = all, must be a number to count for (--set method.targets=50)");
        }
        PreparedData data = new PreparedStore(config, progress).open();
        try (ClickModel model = ClickModel.start(config, data.items(), System::nanoTime)) {
            SegmentTokenizer segments = model.segments();
            long tokens =
                    Math.round(meanTokens(data, segments, TokenizedCatalogue.of(data.items(), segments, progress)));
            return new FlopsSubject(
                    method.context(),
                    targets.count(),
                    Math.toIntExact(tokens),
                    segments.prefix().length,
                    Forecast.shape(config, model.llama().config()));
        }
    }

    private static double meanTokens(PreparedData data, SegmentTokenizer segments, TokenizedCatalogue catalogue) {
        long tokens = 0;
        long interactions = 0;
        for (int user = 0; user < data.users(); user++) {
            History history = data.history(user);
            for (int i = 0; i < history.size(); i++) {
                if (history.part(i) == Part.TRAIN) {
                    tokens += catalogue.length(history.item(i));
                    tokens += segments.feedback(history.label(i), history.rating(i)).length;
                    interactions++;
                }
            }
        }
        return interactions == 0 ? 0 : (double) tokens / interactions;
    }

    static boolean streams(String method) {
        return !method.equals("sliding-window");
    }

    double equation3PerTarget(String method) {
        return Flops.equation3(context, streams(method) ? targets : 0, tokensPerInteraction, shape);
    }

    double exactPerTarget(String method) {
        Layout prompt = prompt(method);
        return Flops.exact(prompt, shape) / prompt.targets();
    }

    /** One prompt of a named method. */
    Layout prompt(String name) {
        Method method = Method.named(name).withContext(context);
        return Flops.typical(
                streams(name) ? method.withTargets(new Targets(targets)) : method, tokensPerInteraction, prefixTokens);
    }

    @Override
    public String toString() {
        return "n = %d, k = %d, %d tokens per interaction, %d of prefix; %d layers of width %d"
                .formatted(context, targets, tokensPerInteraction, prefixTokens, shape.layers(), shape.width());
    }
}
