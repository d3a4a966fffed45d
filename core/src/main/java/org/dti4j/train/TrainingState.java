package org.dti4j.train;

import java.util.SortedMap;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.problem.Problems;
import org.jspecify.annotations.Nullable;

/**
 * What a run needs to go on from where it stood, besides the tensors that lie beside it: parameters, the optimiser's moments,
 * and the best weights where they are not the current ones. Saved in the run folder's {@code state/} (see {@link SavedState}), at
 * boundaries between steps.
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

    Validations validations() {
        return new Validations(best, validationsSinceBest, lastValidationTargets);
    }

    /** Whether the current weights are the best ones, which then are stored once. */
    private boolean currentIsBest() {
        return best != null && best.step() == position.step();
    }

    void save(StateFolder folder, SortedMap<String, Tensor> parameters, AdamW optimiser, BestWeights bestWeights) {
        folder.write(this, tensors(parameters, optimiser, bestWeights));
    }

    /** Fills parameters, moments and best weights in place from where this state was read. */
    void restore(SavedState saved, SortedMap<String, Tensor> parameters, AdamW optimiser, BestWeights bestWeights) {
        saved.readInto(tensors(parameters, optimiser, bestWeights));
        optimiser.restoreSteps(optimiserSteps);
        if (currentIsBest()) {
            bestWeights.remember();
        }
    }

    private SortedMap<String, Tensor> tensors(
            SortedMap<String, Tensor> parameters, AdamW optimiser, BestWeights bestWeights) {
        SortedMap<String, Tensor> tensors = new TreeMap<>();
        addAll(tensors, "parameter", parameters);
        addAll(tensors, "first", optimiser.firstMoments());
        addAll(tensors, "second", optimiser.secondMoments());
        if (best != null && !currentIsBest()) {
            addAll(tensors, "best", bestWeights.copies());
        }
        return tensors;
    }

    private static void addAll(SortedMap<String, Tensor> to, String kind, SortedMap<String, Tensor> from) {
        from.forEach((name, tensor) -> to.put(kind + "." + name, tensor));
    }
}
