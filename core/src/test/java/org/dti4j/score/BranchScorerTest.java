package org.dti4j.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.dti4j.engine.Branches;
import org.dti4j.engine.UserStream;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.Llama;
import org.dti4j.model.TestModels;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.tensor.Workers;
import org.junit.jupiter.api.Test;

/** Candidates are sorted, cut and padded for the model's sake; whoever asks is not to notice. */
final class BranchScorerTest {
    private static final double ROUNDING = 1e-5;
    private static final int[] PREFIX = {1, 5, 6};

    private final Random random = new Random(3);

    /** Some tokens, from 2 to 40 of them. */
    private int[] tokens() {
        return random.ints(2 + random.nextInt(39), 10, 50).toArray();
    }

    private List<int[]> candidates(int count) {
        List<int[]> candidates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            candidates.add(tokens());
        }
        return candidates;
    }

    @Test
    void candidatesOfAnyLengthInAnyOrderAnswerAsTheyDoAlone() {
        Llama model = TestModels.frozen(TestModels.SHAPES.get(0));
        try (model;
                Workers workers = Workers.start();
                BranchScorer scorer = new BranchScorer(
                        new Branches(model, null, Method.named("dti"), PREFIX, RandomPrompts.SUM_ID),
                        new PromptVocabulary(RandomPrompts.SUM_ID, 17, 41),
                        400,
                        workers)) {
            List<UserStream> streams = scorer.read(List.of(
                    new BranchScorer.Reading(null, List.of(tokens(), tokens(), tokens())),
                    new BranchScorer.Reading(null, List.of(tokens()))));
            List<BranchScorer.Request> requests = List.of(
                    new BranchScorer.Request(streams.get(0), candidates(25)),
                    new BranchScorer.Request(streams.get(1), candidates(7)),
                    new BranchScorer.Request(streams.get(0), List.of()));
            List<double[]> together = scorer.score(requests);
            for (int i = 0; i < requests.size(); i++) {
                BranchScorer.Request request = requests.get(i);
                assertThat(together.get(i)).hasSize(request.items().size());
                for (int at = 0; at < request.items().size(); at++) {
                    List<int[]> alone = List.of(request.items().get(at));
                    double expected = scorer.score(List.of(new BranchScorer.Request(request.stream(), alone)))
                            .get(0)[0];
                    assertThat(together.get(i)[at]).isEqualTo(expected, within(ROUNDING));
                }
            }
            assertThat(together.get(0)).doesNotHaveDuplicates();
            streams.forEach(UserStream::close);
        }
    }
}
