package org.dti4j.cli;

import java.util.ArrayList;
import java.util.List;
import org.dti4j.cli.report.ExamplePrompt;
import org.dti4j.cli.report.ExamplePrompt.Segment;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.Stream;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.run.ClickModel;
import org.dti4j.run.RunConfig;

/** A few real prompts of test users, as the model reads them, with what a run says of their targets. */
final class ExamplePrompts {
    private static final int EXAMPLES = 3;
    private static final int TARGETS = 4;
    private static final int CONTEXT_SHOWN = 8;

    private ExamplePrompts() {}

    /** @param config of the run, but perhaps for another machine than the one that trained it */
    static List<ExamplePrompt> of(FinishedRun run, RunConfig config, PreparedData data) {
        try (ClickModel model = ClickModel.load(config, run.files().folder(), System::nanoTime)) {
            PromptWriter writer = new PromptWriter(
                    data, TokenizedCatalogue.of(data.items(), model.segments(), Progress.SILENT), model.segments());
            int context = Math.min(CONTEXT_SHOWN, run.config().method().context());
            TargetSet targets = TargetSet.of(data, Part.TEST, run.config().minContext());
            StreamPlan plan = StreamPlan.of(targets, context, TARGETS);
            List<ExamplePrompt> examples = new ArrayList<>();
            for (int i = 0; i < EXAMPLES && !plan.isEmpty(); i++) {
                Stream stream = plan.get((int) ((long) i * plan.size() / EXAMPLES));
                Prompt prompt = writer.write(stream);
                double[] probabilities = model.scorer(run.config().method()).score(List.of(prompt));
                examples.add(new ExamplePrompt(
                        "User %s, scored by %s"
                                .formatted(data.history(stream.user()).user(), run.name()),
                        segments(model, prompt, probabilities)));
            }
            return examples;
        }
    }

    private static List<Segment> segments(ClickModel model, Prompt prompt, double[] probabilities) {
        List<Segment> segments = new ArrayList<>();
        segments.add(Segment.prefix(model.decode(prompt.prefix())));
        for (int a = 0; a < prompt.interactions(); a++) {
            segments.add(Segment.item(model.decode(prompt.item(a))));
            if (a >= prompt.firstTarget()) {
                segments.add(Segment.sum(probabilities[a - prompt.firstTarget()], prompt.label(a)));
            }
            if (a < prompt.interactions() - 1 && prompt.feedback(a).length > 0) {
                segments.add(Segment.feedback(model.decode(prompt.feedback(a))));
            }
        }
        return segments;
    }
}
