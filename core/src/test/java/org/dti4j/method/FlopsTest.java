package org.dti4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FlopsTest {
    @ParameterizedTest
    @CsvSource({"10, 6.7", "30, 12.0", "50, 14.3"})
    void reductionIsThePapersAtAContextOfTwenty(int targets, double paper) {
        assertThat(Flops.reduction(20, targets)).isCloseTo(paper, within(0.05));
    }

    @Test
    void reductionNearsTheContextAsTargetsGrow() {
        assertThat(Flops.reduction(20, 1_000_000_000)).isCloseTo(20, within(0.001));
    }

    @Test
    void equation3IsTheFormulaOfThePaper() {
        // n = 2, c = 3: N = 6; k = 4: K = 12; L = 5, d = 7
        ModelShape shape = new ModelShape(5, 7, 1, 1, 1, 1, 1, 0);
        assertThat(Flops.equation3(2, 0, 3, shape)).isEqualTo(2 * 5 * (36 * 7 + 6 * 49));
        assertThat(Flops.equation3(2, 4, 3, shape)).isEqualTo(2 * 5 * (18 * 6 * 7 + 18 * 49) / 4.0);
    }

    @Test
    void equation3GivesTheReductionAsItsRatio() {
        double slidingWindow = Flops.equation3(20, 0, 17, ModelShape.LLAMA_3_1_8B);
        double streaming = Flops.equation3(20, 50, 17, ModelShape.LLAMA_3_1_8B);
        assertThat(slidingWindow / streaming).isCloseTo(Flops.reduction(20, 50), within(1e-9));
    }

    @Test
    void scoresAreThePairsOfTheDefinition() {
        for (int seed = 0; seed < 100; seed++) {
            RandomPrompts random = new RandomPrompts(seed, 50);
            Method method = random.method();
            Layout layout = Layout.of(random.batch(method), method, RandomPrompts.SUM_ID);
            assertThat(Flops.scores(layout)).as("seed %d, %s", seed, method).isEqualTo(byDefinition(layout));
        }
    }

    @Test
    void exactCountOfThreeTokensIsSixTimesWhatEachMultiplies() {
        // one context interaction and one target of a token each, and [SUM]: 3 tokens, 6 pairs
        ModelShape shape = new ModelShape(1, 2, 3, 1, 1, 2, 5, 0);
        Layout layout = Flops.typical(Method.named("sliding-window").withContext(1), 1, 0);
        double linear = 6 * 3 * (2 * 2 * 4 + 3 * 2 * 3);
        double attention = 3 * 4 * 2 * 6;
        double head = 6 * 2 * 5;
        assertThat(Flops.exact(layout, shape)).isEqualTo(linear + attention + head);
    }

    @Test
    void frozenWeightsCostLessThanTrainedOnes() {
        ModelShape all = ModelShape.LLAMA_3_1_8B;
        ModelShape lora = new ModelShape(32, 4096, 14336, 32, 8, 128, 128_256, 8);
        Layout layout = Flops.typical(Method.named("dti"), 20, 30);
        assertThat(Flops.exact(layout, lora) / Flops.exact(layout, all)).isBetween(0.66, 0.70);
    }

    @Test
    void exactReductionIsNearTheNumberOfTokensSaved() {
        double slidingWindow =
                Flops.exact(Flops.typical(Method.named("sliding-window"), 20, 0), ModelShape.LLAMA_3_1_8B);
        double streaming = Flops.exact(Flops.typical(Method.named("dti-rope"), 20, 0), ModelShape.LLAMA_3_1_8B) / 50;
        // 421 tokens per target against 1,450 / 50 = 29
        assertThat(slidingWindow / streaming).isCloseTo(421 / 29.0, within(0.3));
    }

    @Test
    void impossibleNumbersAreToldAllAtOnce() {
        assertThatThrownBy(() -> Flops.equation3(0, -1, 0, ModelShape.LLAMA_3_1_8B))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "flops.context = 0, must be >= 1",
                                        "flops.tokensPerInteraction = 0, must be >= 1"));
    }

    private static long byDefinition(Layout layout) {
        Visibility visibility = new Visibility(layout);
        long scores = 0;
        for (int query = 0; query < layout.rows(); query++) {
            for (int key = 0; key < layout.rows(); key++) {
                if (visibility.mayAttend(query, key)) {
                    scores += visibility.resetRatio(query, key) > 0 ? 2 : 1;
                }
            }
        }
        return scores;
    }
}
