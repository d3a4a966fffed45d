package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ValidationTest {
    private static final ToySteps STEPS = new ToySteps(20, 10);

    /** Answers scores in order and keeps the weights that it saw. */
    private static final class Script implements Validation {
        private final double[] scores;
        private final ToyLearner learner;
        final List<float[]> weights = new ArrayList<>();
        final List<Position> positions = new ArrayList<>();

        Script(ToyLearner learner, double... scores) {
            this.learner = learner;
            this.scores = scores;
        }

        @Override
        public double score(Position at) {
            weights.add(learner.weights());
            positions.add(at);
            return scores[positions.size() - 1];
        }

        List<Long> targets() {
            return positions.stream().map(Position::targets).toList();
        }
    }

    private static TrainResult train(TrainConfigBuilder config, ToyLearner learner, Script script) {
        return new Trainer(config.build(), learner, STEPS, System::nanoTime)
                .validation(script)
                .train();
    }

    @Test
    void earlyStoppingEndsWithTheBestWeights() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Script script = new Script(learner, .6, .7, .65, .69, .8);
            TrainResult result = train(Configs.plain().epochs(5).patience(2), learner, script);
            assertThat(result.stopReason()).isEqualTo(StopReason.PATIENCE);
            assertThat(result.targets()).isEqualTo(800);
            assertThat(result.best())
                    .isNotNull()
                    .satisfies(best -> assertThat(best.epoch()).isEqualTo(2))
                    .satisfies(best -> assertThat(best.score()).isEqualTo(.7));
            assertThat(learner.weights()).containsExactly(script.weights.get(1));
        }
    }

    @Test
    void withoutPatienceAllEpochsRunAndTheBestWeightsAreKept() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Script script = new Script(learner, .9, .7, .65, .69, .8);
            assertThat(train(Configs.plain().epochs(5), learner, script).stopReason())
                    .isEqualTo(StopReason.EPOCHS);
            assertThat(learner.weights()).containsExactly(script.weights.get(0));
        }
    }

    @Test
    void theEarliestOfEqualScoresIsTheBest() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Script script = new Script(learner, .7, .7, .7);
            train(Configs.plain(), learner, script);
            assertThat(learner.weights()).containsExactly(script.weights.get(0));
        }
    }

    @Test
    void validatesEveryNTargetsAndAtTheEnd() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Script script = new Script(learner, .1, .2, .3, .4, .5);
            train(Configs.plain().epochs(2).validateEvery(95), learner, script);
            assertThat(script.targets()).containsExactly(100L, 200L, 300L, 400L);
            Script uneven = new Script(learner, .1, .2, .3, .4, .5);
            train(Configs.plain().epochs(2).validateEvery(150), learner, uneven);
            assertThat(uneven.targets()).containsExactly(150L, 300L, 400L);
        }
    }

    @Test
    void aRunThatEndsWithinAnEpochValidatesAtItsEnd() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Script script = new Script(learner, .1, .2);
            TrainResult result = train(Configs.plain().maxTargets(250), learner, script);
            assertThat(script.targets()).containsExactly(200L, 250L);
            assertThat(result.best()).isNotNull();
            assertThat(learner.weights()).containsExactly(script.weights.get(1));
        }
    }

    @Test
    void aScoreThatIsNotANumberIsAnError() {
        try (ToyLearner learner = new ToyLearner(1)) {
            Script script = new Script(learner, Double.NaN);
            assertThatThrownBy(() -> train(Configs.plain(), learner, script))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("validation after step 20 gave NaN");
        }
    }
}
