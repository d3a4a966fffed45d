package org.dti4j.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.function.BiPredicate;
import org.dti4j.method.Flops.Paradigm;
import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class FlopsTest {
    @ParameterizedTest
    @CsvSource({"10, 6.7", "30, 12.0", "50, 14.3"})
    void reductionIsThePapersAtAContextOfTwenty(int targets, double paper) {
        assertThat(new Flops(20, targets, 17, 0).reduction()).isCloseTo(paper, within(0.05));
    }

    @Test
    void equation3GivesTheSameReductionAsItsRatio() {
        Flops flops = new Flops(20, 50, 17, 0);
        double slidingWindow = flops.equation3(Paradigm.SLIDING_WINDOW, ModelShape.LLAMA_3_1_8B);
        double streaming = flops.equation3(Paradigm.DTI, ModelShape.LLAMA_3_1_8B);
        assertThat(slidingWindow / streaming).isCloseTo(flops.reduction(), within(1e-9));
    }

    @Test
    void equation3IsTheFormulaOfThePaper() {
        // n = 2, c = 3: N = 6; k = 4: K = 12; L = 5, d = 7
        ModelShape shape = new ModelShape(5, 7, 1, 1, 1, 1, 1, 0);
        Flops flops = new Flops(2, 4, 3, 0);
        assertThat(flops.equation3(Paradigm.SLIDING_WINDOW, shape)).isEqualTo(2 * 5 * (36 * 7 + 6 * 49));
        assertThat(flops.equation3(Paradigm.DTI, shape)).isEqualTo(2 * 5 * (18 * 6 * 7 + 18 * 49) / 4.0);
    }

    @Test
    void reductionNearsTheContextAsTargetsGrow() {
        assertThat(new Flops(20, 1_000_000, 17, 0).reduction()).isCloseTo(20, within(0.001));
    }

    @ParameterizedTest
    @EnumSource(Paradigm.class)
    void scoredPairsAreThoseOfTheVisibilityRules(Paradigm paradigm) {
        for (int context = 1; context <= 4; context++) {
            for (int targets = 1; targets <= 6; targets++) {
                for (int length = 1; length <= 3; length++) {
                    Flops flops = new Flops(context, targets, length, 2);
                    assertThat(flops.scoredPairs(paradigm)).isEqualTo(counted(flops, paradigm));
                }
            }
        }
    }

    @Test
    void exactCountOfOneTokenIsSixTimesItsWeightsAndItsOneScore() {
        // one context interaction and one target of a token each, and [SUM]: 3 tokens, 6 pairs
        ModelShape shape = new ModelShape(1, 2, 3, 1, 1, 2, 5, 0);
        double linear = 6 * 3 * (2 * 2 * 4 + 3 * 2 * 3);
        double attention = 3 * 4 * 2 * 6;
        double head = 6 * 2 * 5;
        assertThat(new Flops(1, 1, 1, 0).exact(Paradigm.SLIDING_WINDOW, shape)).isEqualTo(linear + attention + head);
    }

    @Test
    void frozenWeightsCostLessThanTrainedOnes() {
        ModelShape all = ModelShape.LLAMA_3_1_8B;
        ModelShape lora = new ModelShape(32, 4096, 14336, 32, 8, 128, 128_256, 8);
        Flops flops = new Flops(20, 50, 20, 30);
        double share = flops.exact(Paradigm.DTI, lora) / flops.exact(Paradigm.DTI, all);
        assertThat(share).isBetween(0.66, 0.70);
    }

    @Test
    void exactReductionOfAStreamOfOneTargetIsAboutNone() {
        Flops flops = new Flops(20, 1, 20, 30);
        assertThat(flops.exactReduction(Paradigm.DTI_ROPE, ModelShape.LLAMA_3_1_8B))
                .isCloseTo(1, within(0.01));
    }

    @Test
    void impossibleNumbersAreToldAllAtOnce() {
        assertThatThrownBy(() -> new Flops(0, 0, 0, -1))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems()).hasSize(4).contains("flops.context = 0, must be >= 1"));
    }

    /** The rules of METHOD.md section 3, token by token. */
    private static long counted(Flops flops, Paradigm paradigm) {
        boolean slidingWindow = paradigm == Paradigm.SLIDING_WINDOW;
        int interactions = flops.context() + (int) flops.targetsOf(paradigm);
        var layout = new ArrayList<Token>();
        for (int i = 0; i < flops.prefixTokens(); i++) {
            layout.add(new Token(-1, false));
        }
        for (int interaction = 0; interaction < interactions; interaction++) {
            for (int i = 0; i < flops.tokensPerInteraction(); i++) {
                layout.add(new Token(interaction, false));
            }
            if (interaction >= flops.context()) {
                layout.add(new Token(interaction, true));
            }
        }
        BiPredicate<Token, Token> sees =
                slidingWindow ? (q, k) -> true : (q, k) -> sees(paradigm, flops.context(), q, k);
        long pairs = 0;
        for (int query = 0; query < layout.size(); query++) {
            for (int key = 0; key <= query; key++) {
                if (query == key || sees.test(layout.get(query), layout.get(key))) {
                    pairs += scores(paradigm, layout.get(query), layout.get(key));
                }
            }
        }
        return pairs;
    }

    private record Token(int interaction, boolean sum) {
        boolean prefix() {
            return interaction < 0;
        }
    }

    private static boolean sees(Paradigm paradigm, int context, Token query, Token key) {
        boolean minus = paradigm == Paradigm.DTI_MINUS;
        if (key.prefix()) {
            return !minus || query.interaction() <= context;
        }
        if (key.sum() && !minus) {
            return false;
        }
        if (paradigm == Paradigm.DTI_ISOLATED && !query.sum() && query.interaction() != key.interaction()) {
            return false;
        }
        return query.interaction() - key.interaction() <= context;
    }

    private static int scores(Paradigm paradigm, Token query, Token key) {
        boolean mixed =
                paradigm == Paradigm.DTI && query.sum() && !key.prefix() && key.interaction() < query.interaction();
        return mixed ? 2 : 1;
    }
}
