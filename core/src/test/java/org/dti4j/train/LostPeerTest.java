package org.dti4j.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.dti4j.distribute.PeerLost;
import org.dti4j.distribute.Peers;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first of two peers, whose other leaves. */
class LostPeerTest {
    private static final ToySteps STEPS = new ToySteps(20, 10);

    /** Adds nothing to what it sums, and is lost at one of the sums of doubles. */
    private static final class Leaving implements Peers {
        private int left;

        Leaving(int sums) {
            left = sums;
        }

        @Override
        public int rank() {
            return 0;
        }

        @Override
        public int size() {
            return 2;
        }

        @Override
        public void sum(float[] values) {}

        @Override
        public void sum(double[] values) {
            if (left-- == 0) {
                throw new PeerLost(1, "has left", null);
            }
        }

        @Override
        public void close() {}
    }

    private static Trainer trainer(TrainConfigBuilder config, ToyLearner learner, int sums, Path states) {
        return new Trainer(config.build(), learner, STEPS, System::nanoTime)
                .peers(new Leaving(sums))
                .stateFolder(states);
    }

    private static TrainListener broken(long afterTargets) {
        return new TrainListener() {
            @Override
            public void onSave(Position position) {
                if (position.targets() > afterTargets) {
                    throw new IllegalStateException("CUDA error: an illegal memory access was encountered");
                }
            }
        };
    }

    @Test
    void lostBeforeTheFirstStep(@TempDir Path folder) {
        try (ToyLearner learner = new ToyLearner(1)) {
            assertThatThrownBy(() -> trainer(Configs.plain(), learner, 0, folder.resolve("state"))
                            .train())
                    .isInstanceOf(UserException.class)
                    .hasMessage("rank 1 has left, after step 0; start all nodes again with --resume");
        }
    }

    @Test
    void theStateAfterTheLastWholeStepIsSaved(@TempDir Path folder) {
        Path states = folder.resolve("state");
        try (ToyLearner learner = new ToyLearner(1)) {
            assertThatThrownBy(
                            () -> trainer(Configs.plain(), learner, 40, states).train())
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("rank 1 has left, after step \\d+; start all nodes again with --resume");
            assertThat(SavedState.numbered(states)).hasSize(1);
        }
    }

    @Test
    void ifItCannotBeSavedTheMessageSaysWhereTheRunGoesOn(@TempDir Path folder) {
        try (ToyLearner learner = new ToyLearner(1)) {
            Trainer never = trainer(Configs.plain(), learner, 40, folder.resolve("never"));
            assertThatThrownBy(() -> never.listener(broken(0)).train())
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("rank 1 has left, after step \\d+; start all nodes again with --resume, "
                            + "which begins anew, as the state after this step could not be saved")
                    .hasStackTraceContaining("CUDA error");
            Trainer earlier = trainer(Configs.plain().saveEvery(80), learner, 40, folder.resolve("earlier"));
            assertThatThrownBy(() -> earlier.listener(broken(80)).train())
                    .isInstanceOf(UserException.class)
                    .hasMessageMatching("rank 1 has left, after step \\d+; start all nodes again with --resume, "
                            + "which goes on after target 80, as the state after this step could not be saved");
        }
    }
}
