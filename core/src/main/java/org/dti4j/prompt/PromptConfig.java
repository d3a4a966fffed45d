package org.dti4j.prompt;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.Set;
import org.dti4j.problem.Problems;
import org.dti4j.problem.UserException;

/**
 * The section {@code prompt} of a run's configuration: what a prompt says (docs/method.md section 2). Each text is tokenised on its own
 * and the tokens are put one after the other, so whatever should stand between two of them (a space, a line break)
 * belongs to the start of the later one.
 *
 * @param instruction what stands before all interactions; may be empty
 * @param item template over the item's columns and its id, {@code {item_id}}, for instance {@code "{title} ({genres})"}
 * @param feedback template of a past outcome over {@code {outcome}} and {@code {rating}}; empty for no feedback
 * @param liked what {@code {outcome}} says of a liked item
 * @param disliked what {@code {outcome}} says of any other item
 * @param yesWord the label word of a click, one token of the vocabulary
 * @param noWord the label word of no click, one token of the vocabulary
 * @param sum spelling of the token that serves as [SUM]; empty to choose an unused one
 * @param maxItemTokens longer items are cut
 * @param maxPrefixTokens a longer instruction is an error
 */
@RecordBuilder
public record PromptConfig(
        String instruction,
        String item,
        String feedback,
        String liked,
        String disliked,
        String yesWord,
        String noWord,
        String sum,
        int maxItemTokens,
        int maxPrefixTokens)
        implements PromptConfigBuilder.With {
    /** The columns that a feedback template may use. */
    static final Set<String> FEEDBACK_COLUMNS = Set.of("outcome", "rating");

    public PromptConfig {
        Problems problems = Problems.in("prompt")
                .require(!item.isBlank(), "item", quoted(item), "a template such as \"{title} ({genres})\"")
                .require(!yesWord.isBlank(), "yesWord", quoted(yesWord), "a word")
                .require(!noWord.isBlank(), "noWord", quoted(noWord), "a word")
                .require(!yesWord.equals(noWord), "noWord", quoted(noWord), "another word than prompt.yesWord")
                .require(maxItemTokens >= 1, "maxItemTokens", maxItemTokens, ">= 1")
                .require(maxPrefixTokens >= 1, "maxPrefixTokens", maxPrefixTokens, ">= 1");
        checkItem(item, problems);
        checkFeedback(feedback, liked, disliked, problems);
        problems.throwIfAny();
    }

    /** Words that suit films, and label words that are single tokens of all common vocabularies. */
    public static PromptConfig defaults() {
        return PromptConfigBuilder.builder()
                .instruction(
                        "These are the items that a user met, oldest first. Will the user like the last one? Answer yes or no.")
                .item("\n{title} ({genres})")
                .feedback(": {outcome}")
                .liked("liked")
                .disliked("disliked")
                .yesWord("yes")
                .noWord("no")
                .sum("")
                .maxItemTokens(64)
                .maxPrefixTokens(512)
                .build();
    }

    Template itemTemplate() {
        return Template.parse("prompt.item", item);
    }

    Template feedbackTemplate() {
        return Template.parse("prompt.feedback", feedback);
    }

    private static void checkItem(String item, Problems problems) {
        try {
            Template template = Template.parse("prompt.item", item);
            problems.require(
                    item.isBlank() || !template.columns().isEmpty(),
                    "item",
                    quoted(item),
                    "a template with at least one column, such as {title}");
        } catch (UserException e) {
            e.problems().forEach(problems::add);
        }
    }

    private static void checkFeedback(String feedback, String liked, String disliked, Problems problems) {
        try {
            Template template = Template.parse("prompt.feedback", feedback);
            template.check(FEEDBACK_COLUMNS);
            problems.require(
                    feedback.isEmpty() || !template.columns().isEmpty(),
                    "feedback",
                    quoted(feedback),
                    "empty, or a template with {outcome} or {rating}");
            problems.require(
                    !template.columns().contains("outcome") || !liked.equals(disliked),
                    "disliked",
                    quoted(disliked),
                    "another text than prompt.liked");
        } catch (UserException e) {
            e.problems().forEach(problems::add);
        }
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
