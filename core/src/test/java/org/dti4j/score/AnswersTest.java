package org.dti4j.score;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Objects;
import org.bytedeco.pytorch.Scalar;
import org.dti4j.engine.Branches;
import org.dti4j.engine.Engine;
import org.dti4j.engine.UserStream;
import org.dti4j.method.Method;
import org.dti4j.method.RandomPrompts;
import org.dti4j.model.Llama;
import org.dti4j.model.TestModels;
import org.dti4j.problem.UserException;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.PromptVocabulary;
import org.dti4j.tensor.Workers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A model of weights that are not finite gives no probabilities, rather than wrong ones. */
class AnswersTest {
    private static final PromptVocabulary WORDS = new PromptVocabulary(RandomPrompts.SUM_ID, 17, 41);

    private final Prompt prompt = new RandomPrompts(1, TestModels.TINY.vocabulary()).prompt(3, 1);
    private final Llama broken = TestModels.frozen(TestModels.TINY);
    private final Workers workers = Workers.start();

    @BeforeEach
    void breakIt() {
        Objects.requireNonNull(broken.weights().get("model.layers.1.mlp.down_proj.weight"))
                .fill_(new Scalar(Double.POSITIVE_INFINITY));
    }

    @AfterEach
    void close() {
        workers.close();
        broken.close();
    }

    @Test
    void promptsAreNotScored() {
        Scorer scorer = new Scorer(
                new Engine(broken, null), Method.named("sliding-window").withContext(3), WORDS, 400, workers);
        assertThatThrownBy(() -> scorer.score(List.of(prompt)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("not a number");
    }

    @Test
    void candidatesAreNotScored() {
        Branches branches =
                new Branches(broken, null, Method.named("dti").withContext(3), prompt.prefix(), RandomPrompts.SUM_ID);
        try (BranchScorer scorer = new BranchScorer(branches, WORDS, 400, workers);
                UserStream nobody = scorer.empty()) {
            BranchScorer.Request request = new BranchScorer.Request(nobody, List.of(prompt.item(0)));
            assertThatThrownBy(() -> scorer.score(List.of(request)))
                    .isInstanceOf(UserException.class)
                    .hasMessageContaining("not a number");
        }
    }
}
