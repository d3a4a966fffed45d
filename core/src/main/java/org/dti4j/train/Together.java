package org.dti4j.train;

import java.util.SortedMap;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.distribute.Peers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the peers of a run must agree on, so that all of them take the same steps: where they begin, whether somebody was asked to stop, how
 * much time has passed, and what validation said. The first peer alone validates and reads the clock.
 */
final class Together implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Peers peers;
    private final SharedTensors tensors;
    private final @Nullable GradientExchange exchange;

    /** @param parameters that are trained, with gradients */
    Together(Peers peers, SortedMap<String, Tensor> parameters) {
        this.peers = peers;
        this.exchange = peers.size() == 1 ? null : new GradientExchange(peers, Buckets.of(parameters));
        this.tensors = new SharedTensors(peers);
    }

    /**
     * Gives all the first peer's weights and, if it resumes, its moments and where it stood.
     *
     * @param saved what this peer resumes from
     * @param plan of the run as it is now
     * @return where all begin; null for the start
     */
    @Nullable
    TrainingState begin(
            @Nullable SavedState saved,
            TrainingState.Plan plan,
            SortedMap<String, Tensor> parameters,
            AdamW optimiser,
            BestWeights bestWeights) {
        TrainingState own = saved == null ? null : saved.training();
        if (saved != null) {
            saved.training().plan().requireEqual(plan);
            saved.training().restore(saved, parameters, optimiser, bestWeights);
        }
        return peers.size() == 1 ? own : shared(own, plan, parameters, optimiser);
    }

    private @Nullable TrainingState shared(
            @Nullable TrainingState own,
            TrainingState.Plan plan,
            SortedMap<String, Tensor> parameters,
            AdamW optimiser) {
        String said = peers.fromFirst(own == null ? null : JSON.writeValueAsString(own));
        tensors.fromFirst(parameters.values());
        if (said == null) {
            return null;
        }
        tensors.fromFirst(optimiser.firstMoments().values());
        tensors.fromFirst(optimiser.secondMoments().values());
        TrainingState state = JSON.readValue(said, TrainingState.class);
        state.plan().requireEqual(plan);
        optimiser.restoreSteps(state.optimiserSteps());
        return state;
    }

    /** Whether any of them was asked to stop. */
    boolean interrupted(BooleanSupplier interruption) {
        double[] asked = {interruption.getAsBoolean() ? 1 : 0};
        peers.sum(asked);
        return asked[0] > 0;
    }

    /** What the first of them measured; the others do not measure. */
    double byFirst(DoubleSupplier measure) {
        return peers.fromFirst(peers.first() ? measure.getAsDouble() : 0);
    }

    /**
     * A step's losses, each of which one peer has, and gradients, summed over all.
     *
     * @return losses of all; the parameters' gradients are those of all
     */
    double[] accumulate(Learner learner, Step step, long seed) {
        if (exchange == null) {
            return learner.accumulate(step, seed);
        }
        double[] losses = exchange.during(whole -> learner.accumulate(step, seed, exchange.buckets(), whole));
        peers.sum(losses);
        return losses;
    }

    @Override
    public void close() {
        if (exchange != null) {
            exchange.close();
        }
    }
}
