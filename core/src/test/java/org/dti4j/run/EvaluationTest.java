package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.dti4j.data.Part;
import org.dti4j.data.PreparedData;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptWriter;
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
            PromptWriter prompts = new PromptWriter(
                    data, TokenizedCatalogue.of(data.items(), model.segments(), Progress.SILENT), model.segments());
            List<String> streams = targets(model, data, prompts, EvaluationLayout.STREAM, Draw.USERS);
            assertThat(streams).hasSize(TARGETS);
            assertThat(targets(model, data, prompts, EvaluationLayout.SLIDING, Draw.USERS))
                    .isEqualTo(streams);
            assertThat(targets(model, data, prompts, EvaluationLayout.SLIDING, Draw.TARGETS))
                    .isNotEqualTo(streams);
        }
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
