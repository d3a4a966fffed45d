package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.method.Method;
import org.dti4j.method.Targets;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.prompt.StreamPlan;
import org.dti4j.prompt.TargetSet;
import org.dti4j.prompt.TokenizedCatalogue;
import org.dti4j.score.EvaluateConfig.Draw;
import org.dti4j.score.EvaluateConfig.EvaluationLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
    private static final int TARGETS = 12;

    @TempDir
    private Path folder;

    @Test
    void theSameDrawInTwoLayoutsIsTheSameTargets() {
        RunConfig config = TinyRun.config(folder.resolve("run"));
        PreparedData data = TinyRun.data();
        try (ClickModel model = ClickModel.start(config, data.items(), System::nanoTime)) {
            PromptWriter prompts = prompts(model, data);
            List<String> streams = targets(model, data, prompts, EvaluationLayout.STREAM, Draw.USERS);
            assertThat(streams).hasSize(TARGETS);
            assertThat(targets(model, data, prompts, EvaluationLayout.SLIDING, Draw.USERS))
                    .isEqualTo(streams);
            assertThat(targets(model, data, prompts, EvaluationLayout.SLIDING, Draw.TARGETS))
                    .isNotEqualTo(streams);
        }
    }

    /** Where the method is exact, streams are what sliding windows are scored by: fewer prompts, the same answers. */
    @Test
    void anExactMethodAnswersAsTheSlidingPromptsOfItsTargets() {
        RunConfig config = TinyRun.config(folder.resolve("run"));
        Method isolated = Method.named("dti-isolated").withContext(4).withTargets(new Targets(10));
        PreparedData data = TinyRun.data();
        try (ClickModel model = ClickModel.start(config.withMethod(isolated), data.items(), System::nanoTime)) {
            PromptWriter prompts = prompts(model, data);
            Evaluation evaluation =
                    new Evaluation(model, data, prompts, Part.TEST, EvaluationLayout.SLIDING, Draw.TARGETS, 0, 1);
            ScoredTargets scored = evaluation.run("test", Progress.SILENT);
            StreamPlan single = StreamPlan.of(TargetSet.of(data, Part.TEST, 4), 4, 1);
            double[] sliding = model.scorer(isolated.withTargets(new Targets(1)))
                    .score(single.stream().map(prompts::write).toList());
            assertThat(evaluation.streams()).hasSizeLessThan(sliding.length / 2);
            assertThat(IntStream.range(0, scored.size())
                            .mapToDouble(scored::probability)
                            .toArray())
                    .containsExactly(sliding, offset(1e-6));
        }
    }

    private static PromptWriter prompts(ClickModel model, PreparedData data) {
        return new PromptWriter(
                data, TokenizedCatalogue.of(data.items(), model.segments(), Progress.SILENT), model.segments());
    }

    private static List<String> targets(
            ClickModel model, PreparedData data, PromptWriter prompts, EvaluationLayout layout, Draw draw) {
        ScoredTargets scored =
                new Evaluation(model, data, prompts, Part.TEST, layout, draw, TARGETS, 1).run("test", Progress.SILENT);
        return IntStream.range(0, scored.size())
                .mapToObj(i -> scored.users()[i] + "/" + scored.interactions()[i])
                .toList();
    }
}
