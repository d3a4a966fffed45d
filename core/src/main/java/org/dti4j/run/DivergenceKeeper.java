package org.dti4j.run;

import java.util.function.Consumer;
import org.dti4j.data.PreparedData;
import org.dti4j.prompt.PromptWriter;
import org.dti4j.train.Diverged;
import org.dti4j.train.TrainListener;

/** Keeps the batch that a run ended of. */
record DivergenceKeeper(
        ClickModel model, PreparedData data, PromptWriter prompts, RunFiles files, Consumer<String> notes)
        implements TrainListener {
    @Override
    public void onDivergence(Diverged diverged) {
        RunFiles.writeText(files.diverged(), RunJson.page(DivergedBatch.of(diverged, model, data, prompts::write)));
        notes.accept("the batch that the run ends of is in %s".formatted(files.diverged()));
    }
}
