package org.dti4j.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.dti4j.problem.UserException;
import org.junit.jupiter.api.Test;

final class PromptConfigTest {
    @Test
    void allProblemsAreReportedAtOnce() {
        assertThatThrownBy(() -> new PromptConfig("", "no column", "{stars}", "x", "x", "yes", "yes", "", 0, 0))
                .isInstanceOfSatisfying(
                        UserException.class,
                        e -> assertThat(e.problems())
                                .hasSize(5)
                                .anySatisfy(
                                        problem -> assertThat(problem).startsWith("prompt.noWord = \"yes\", must be"))
                                .anySatisfy(problem ->
                                        assertThat(problem).startsWith("prompt.maxItemTokens = 0, must be >= 1"))
                                .anySatisfy(problem ->
                                        assertThat(problem).startsWith("prompt.item = \"no column\", must be"))
                                .contains("prompt.feedback: no column stars; there are: outcome, rating"));
    }

    @Test
    void wordsOfOutcomesMustDifferWhereTheyAreUsed() {
        assertThatThrownBy(() -> new PromptConfig("", "{title}", "{outcome}", "x", "x", "yes", "no", "", 9, 9))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("prompt.disliked");
        assertThat(new PromptConfig("", "{title}", "", "x", "x", "yes", "no", "", 9, 9).feedback())
                .isEmpty();
    }

    @Test
    void feedbackWithoutAnOutcomeIsAnError() {
        assertThatThrownBy(() -> new PromptConfig("", "{title}", "seen", "x", "y", "yes", "no", "", 9, 9))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("prompt.feedback");
    }
}
