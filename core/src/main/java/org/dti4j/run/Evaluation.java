package org.dti4j.run;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.Stream;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.score.EvaluateConfig.Draw;
import org.dti4j.score.EvaluateConfig.EvaluationLayout;
import org.dti4j.score.Scorer;

/** Scores the targets of one part of the data in one layout (docs/method.md section 8); planned once, run as often as there are validations. */
public final class Evaluation {
    static final int STREAMS_AT_ONCE = 64;

    private final ClickModel model;
    private final PreparedData data;
    private final PromptWriter prompts;
    private final Method method;
    private final List<Stream> streams;

    /**
     * @param draw what is drawn where there are more than {@code maxTargets}
     * @param maxTargets at most so many targets, drawn by {@code seed}; 0 for all
     */
    public Evaluation(
            ClickModel model,
            PreparedData data,
            PromptWriter prompts,
            Part part,
            EvaluationLayout layout,
            Draw draw,
            int maxTargets,
            long seed) {
        this.model = model;
        this.data = data;
        this.prompts = prompts;
        Method trained = model.config().method();
        TargetSet targets = draw.from(TargetSet.of(data, part, model.config().minContext()), maxTargets, seed);
        method = switch (layout) {
            // a stream gives the same scores where the method is exact, from far fewer tokens
            case SLIDING -> trained.isExact() ? trained : trained.withTargets(new Targets(1));
            case STREAM -> trained;
        };
        streams = StreamPlan.of(targets, method.context(), method.targets().count());
    }

    List<Stream> streams() {
        return Collections.unmodifiableList(streams);
    }

    Method method() {
        return method;
    }

    /** Number of targets. */
    public int size() {
        return streams.stream().mapToInt(Stream::targets).sum();
    }

    /** Scores all targets with the weights as they are now. */
    public ScoredTargets run(String name, Progress progress) {
        return run(name, progress, () -> false).orElseThrow();
    }

    /** The same, unless it is interrupted: then there is no result. */
    Optional<ScoredTargets> run(String name, Progress progress, BooleanSupplier interruption) {
        Scorer scorer = model.scorer(method);
        double[] probabilities = new double[size()];
        int scored = 0;
        try (Progress.Task task = progress.begin(name, probabilities.length)) {
            List<Prompt> batch = new ArrayList<>();
            for (int i = 0; i < streams.size(); i++) {
                batch.add(prompts.write(streams.get(i)));
                if (batch.size() == STREAMS_AT_ONCE || i == streams.size() - 1) {
                    if (interruption.getAsBoolean()) {
                        return Optional.empty();
                    }
                    double[] some = scorer.score(batch);
                    System.arraycopy(some, 0, probabilities, scored, some.length);
                    scored += some.length;
                    task.advance(some.length);
                    batch.clear();
                }
            }
        }
        return Optional.of(new ScoredTargets(data, streams, probabilities));
    }
}
