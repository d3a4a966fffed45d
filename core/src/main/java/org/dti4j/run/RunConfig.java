package org.dti4j.run;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.util.Objects;
import org.dti4j.data.DataConfig;
import org.dti4j.lora.AdapterConfig;
import org.dti4j.method.Method;
import org.dti4j.model.ModelConfig;
import org.dti4j.problem.Problems;
import org.dti4j.prompt.PromptConfig;
import org.dti4j.score.EvaluateConfig;
import org.dti4j.train.TrainConfig;
import org.jspecify.annotations.Nullable;

/**
 * All of a run's configuration; each section lives with what it configures.
 *
 * @param prepared the prepared folder; null for one beside {@code out}, named after the section {@code data}
 * @param out the run folder
 */
@RecordBuilder
public record RunConfig(
        DataConfig data,
        PromptConfig prompt,
        Method method,
        ModelConfig model,
        AdapterConfig adapter,
        TrainConfig train,
        EvaluateConfig evaluate,
        @Nullable Path prepared,
        Path out)
        implements RunConfigBuilder.With {
    /** Binding and JSON alike can leave a section out. */
    public RunConfig {
        Objects.requireNonNull(data, "data");
        Objects.requireNonNull(prompt, "prompt");
        Objects.requireNonNull(method, "method");
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(adapter, "adapter");
        Objects.requireNonNull(train, "train");
        Objects.requireNonNull(evaluate, "evaluate");
        Objects.requireNonNull(out, "out");
        Problems.in("adapter")
                .require(
                        adapter.path() == null || !model.name().equals(BaseModel.NANO),
                        "path",
                        adapter.path(),
                        "null where model.name = nano: all its weights are trained")
                .throwIfAny();
    }

    /** DTI on MovieLens small with the embedded model. */
    public static RunConfig defaults() {
        return new RunConfig(
                DataConfig.defaults(),
                PromptConfig.defaults(),
                Method.named("dti"),
                ModelConfig.defaults(),
                AdapterConfig.defaults(),
                TrainConfig.defaults(),
                EvaluateConfig.defaults(),
                null,
                Path.of("runs", "dti"));
    }

    /** The interactions that a target needs before it, in training and in evaluation. */
    public int minContext() {
        return train.minContext() < 0 ? method.context() : train.minContext();
    }

    public RunConfig withDevice(String other) {
        return withModel(model.withDevice(other));
    }
}
