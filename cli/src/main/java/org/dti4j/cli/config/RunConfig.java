package org.dti4j.cli.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
 * The configuration of a run: a component per section, each record documented in the room that it configures.
 *
 * @param data which log is read, and how
 * @param prepared the folder of prepared data; null for {@code prepared} in the run folder
 * @param prompt what prompts say
 * @param method how they are laid out, and what sees what
 * @param model what is trained
 * @param adapter how much of it is trained
 * @param train how it is trained
 * @param evaluate how it is evaluated
 * @param out the run folder
 */
public record RunConfig(
        DataConfig data,
        @Nullable Path prepared,
        PromptConfig prompt,
        Method method,
        ModelConfig model,
        AdapterConfig adapter,
        TrainConfig train,
        EvaluateConfig evaluate,
        Path out) {
    private static final String EMBEDDED = "nano";

    public RunConfig {
        Problems.in("data")
                .require(
                        isBundled(data.interactions()) == isBundled(data.items()),
                        "items",
                        data.items(),
                        "given together with data.interactions (null if the texts stand among the interactions)")
                .throwIfAny();
    }

    /** The folder of prepared data. */
    public Path preparedFolder() {
        return prepared == null ? out.resolve("prepared") : prepared;
    }

    /**
     * Reads a file. What it leaves out is as in {@link #defaults}, with {@code out} a folder of the file's name under {@code runs} in the
     * working directory.
     *
     * @param overrides of the form {@code section.key=value}
     * @param root of the project, where the bundled data are
     */
    public static RunConfig read(Path file, List<String> overrides, Path root) {
        String name = String.valueOf(file.getFileName()).replaceFirst("\\.ya?ml$", "");
        Path out = Path.of("runs", name).toAbsolutePath();
        return read(ConfigSource.of(file), overrides, defaults(root, out));
    }

    /** Reads a text that came from elsewhere than a file of the user's. */
    public static RunConfig read(ConfigSource source, List<String> overrides, RunConfig defaults) {
        return ConfigReader.read(source, overrides, RunConfig.class, defaults).resolved(source.folder());
    }

    /** DTI with the embedded model on the bundled MovieLens small. */
    public static RunConfig defaults(Path root, Path out) {
        DataConfig bundled = DataConfig.defaults();
        Path items = Objects.requireNonNull(bundled.items(), "bundled items");
        return new RunConfig(
                DataConfig.of(bundled.format(), root.resolve(bundled.interactions()), root.resolve(items)),
                null,
                PromptConfig.defaults(),
                Method.named("dti"),
                ModelConfig.defaults(),
                AdapterConfig.defaults(),
                TrainConfig.defaults(),
                EvaluateConfig.defaults(),
                out);
    }

    /** Written out: where prepared data are, and where a checkpoint lies that is given relative to the file. */
    private RunConfig resolved(Path folder) {
        return new RunConfig(
                data, preparedFolder(), prompt, method, resolvedModel(folder), adapter, train, evaluate, out);
    }

    private ModelConfig resolvedModel(Path folder) {
        Path path = folder.resolve(model.name()).normalize();
        boolean isPath = !model.name().equals(EMBEDDED) && Files.exists(path);
        return isPath ? new ModelConfig(path.toString(), model.precision(), model.device(), model.threads()) : model;
    }

    private static boolean isBundled(@Nullable Path file) {
        return file != null && file.getParent() != null && file.getParent().endsWith("data/ml-latest-small");
    }
}
