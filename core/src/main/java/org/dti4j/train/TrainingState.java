package org.dti4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.problem.Problems;
import org.dti4j.problem.UserException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run needs to go on from where it stood, besides the tensors that lie in the same file: parameters, the optimiser's moments,
 * and the best weights where they are not the current ones. Saved in the run folder's {@code state/}, at boundaries between steps.
 *
 * @param position where the run stood
 * @param best the best validation so far; null before the first
 * @param validationsSinceBest how many there were after it
 * @param lastValidationTargets targets trained on before the latest validation
 * @param optimiserSteps behind the moments
 * @param plan what the saved position is counted in
 */
public record TrainingState(
        Position position,
        @Nullable ValidationReport best,
        int validationsSinceBest,
        long lastValidationTargets,
        long optimiserSteps,
        Plan plan) {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String FILE = "training.safetensors";

    /**
     * What must not change between stopping and resuming, because "step 17 of epoch 3" would mean something else.
     *
     * @param seed of order and dropout
     * @param targetsPerStep targets of one step
     * @param targetsPerEpoch targets of one epoch
     */
    public record Plan(long seed, int targetsPerStep, long targetsPerEpoch) {
        void requireEqual(Plan now) {
            Problems.in("train")
                    .require(now.seed == seed, "seed", now.seed, seed + ", as in the run to resume")
                    .require(
                            now.targetsPerStep == targetsPerStep,
                            "targetsPerStep",
                            now.targetsPerStep,
                            targetsPerStep + ", as in the run to resume")
                    .require(
                            now.targetsPerEpoch == targetsPerEpoch,
                            "(targets in the data)",
                            now.targetsPerEpoch,
                            targetsPerEpoch + ", as in the run to resume")
                    .throwIfAny();
        }
    }

    /** The state that a folder holds, without its tensors; empty when there is none. */
    public static Optional<TrainingState> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(TensorFile.open(file).text(), TrainingState.class));
        } catch (IOException | JacksonException e) {
            throw new UserException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    Validations validations() {
        return new Validations(best, validationsSinceBest, lastValidationTargets);
    }

    /** Whether the current weights are the best ones, which then lie in the file once. */
    boolean currentIsBest() {
        return best != null && best.step() == position.step();
    }

    void save(Path folder, SortedMap<String, Tensor> parameters, AdamW optimiser, BestWeights bestWeights) {
        SortedMap<String, Tensor> tensors = tensors(parameters, optimiser);
        if (best != null && !currentIsBest()) {
            addAll(tensors, "best", bestWeights.copies());
        }
        try {
            Files.createDirectories(folder);
            TensorFile.write(folder.resolve(FILE), tensors, JSON.writeValueAsString(this));
        } catch (IOException e) {
            throw new UserException(
                    "%s: the training state cannot be written: %s".formatted(folder, e.getMessage()), e);
        }
    }

    void restore(Path folder, SortedMap<String, Tensor> parameters, AdamW optimiser, BestWeights bestWeights) {
        SortedMap<String, Tensor> tensors = tensors(parameters, optimiser);
        if (best != null && !currentIsBest()) {
            addAll(tensors, "best", bestWeights.copies());
        }
        try {
            TensorFile.open(folder.resolve(FILE)).readInto(tensors);
        } catch (IOException e) {
            throw new UserException("%s: the training state cannot be read: %s".formatted(folder, e.getMessage()), e);
        }
        optimiser.restoreSteps(optimiserSteps);
        if (currentIsBest()) {
            bestWeights.remember();
        }
    }

    private static SortedMap<String, Tensor> tensors(SortedMap<String, Tensor> parameters, AdamW optimiser) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        addAll(tensors, "parameter", parameters);
        addAll(tensors, "first", optimiser.firstMoments());
        addAll(tensors, "second", optimiser.secondMoments());
        return tensors;
    }

    private static void addAll(SortedMap<String, Tensor> to, String kind, SortedMap<String, Tensor> from) {
        from.forEach((name, tensor) -> to.put(kind + "/" + name, tensor));
    }
}
