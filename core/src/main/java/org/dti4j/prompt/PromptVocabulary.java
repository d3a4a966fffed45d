package org.dti4j.prompt;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.dti4j.problem.Problems;
import org.dti4j.problem.UserException;

/**
 * The three tokens that a click probability is made from: P(click) = softmax(logit_yes, logit_no)[yes] at [SUM] (docs/method.md
 * section 1).
 *
 * @param sum id of the token that serves as [SUM]
 * @param yes id of the label word of a click
 * @param no id of the label word of no click
 */
public record PromptVocabulary(int sum, int yes, int no) {
    private static final List<String> OTHER_WORDS =
            List.of("yes", "no", " yes", " no", "Yes", "No", " Yes", " No", "true", "false", "good", "bad", "1", "0");

    /**
     * Finds the tokens.
     *
     * @throws UserException when a label word is not one token, both are the same one, or no token can serve as [SUM]
     */
    public static PromptVocabulary of(PromptConfig config, Tokenizer tokenizer) {
        Problems problems = Problems.in("prompt");
        int yes = label("yesWord", config.yesWord(), tokenizer, problems);
        int no = label("noWord", config.noWord(), tokenizer, problems);
        int sum = SumToken.find(config.sum(), tokenizer, problems).orElse(-1);
        problems.throwIfAny();
        problems.require(yes != no, "noWord", quoted(config.noWord()), "another token than prompt.yesWord")
                .require(
                        sum != yes && sum != no,
                        "sum",
                        quoted(tokenizer.token(sum)),
                        "another token than the label words")
                .throwIfAny();
        return new PromptVocabulary(sum, yes, no);
    }

    private static int label(String key, String word, Tokenizer tokenizer, Problems problems) {
        int[] ids = tokenizer.encode(word);
        if (isWord(ids, tokenizer)) {
            return ids[0];
        }
        String what = ids.length == 1 ? "the vocabulary lacks it" : "it is split into " + spellings(ids, tokenizer);
        problems.add("prompt.%s = %s, must be one token of the model's vocabulary, but %s%s"
                .formatted(key, quoted(word), what, suggestion(word, tokenizer)));
        return -1;
    }

    /** One token, and neither the one for unknown words nor any other that stands for no text. */
    private static boolean isWord(int[] ids, Tokenizer tokenizer) {
        return ids.length == 1 && !tokenizer.addedTokens().contains(tokenizer.token(ids[0]));
    }

    private static String spellings(int[] ids, Tokenizer tokenizer) {
        return ids.length == 0
                ? "nothing"
                : Arrays.stream(ids).mapToObj(id -> quoted(tokenizer.token(id))).collect(Collectors.joining(", "));
    }

    private static String suggestion(String word, Tokenizer tokenizer) {
        String bare = word.strip();
        return Stream.concat(Stream.of(bare, " " + bare, bare.toLowerCase(Locale.ROOT)), OTHER_WORDS.stream())
                .filter(other -> isWord(tokenizer.encode(other), tokenizer))
                .findFirst()
                .map(other -> "; " + quoted(other) + " would be one")
                .orElse("");
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
