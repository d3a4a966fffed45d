package org.dti4j.prompt;

import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.dti4j.problem.Problems;

/**
 * Which token serves as [SUM]: an existing one, so that the vocabulary and the checkpoint's shapes stay as they are, and
 * an unused one, so that no text contains it.
 */
final class SumToken {
    /** Its spelling in the embedded model's vocabulary. */
    static final String SPELLING = "[SUM]";

    /** Llama 3's {@code <|reserved_special_token_0|>}, Mistral's {@code [control_8]}, Gemma's {@code <unused0>} ... */
    private static final Predicate<String> RESERVED =
            Pattern.compile("(?i)(unused|reserved|extra|control).*\\d").asPredicate();

    /** Added tokens with a task in plain text or in chats. */
    private static final Predicate<String> IN_USE = Pattern.compile("(?i)</?s>|bos|eos|text|begin|end_of|eot|eom|header"
                    + "|im_|inst|think|tool|python|system|user|assistant|^\\W*(unk|pad|mask|cls|sep)\\W*$")
            .asPredicate();

    private static final Predicate<String> SPECIAL =
            Pattern.compile("^[<\\[].*[>\\]]$").asPredicate();

    private SumToken() {}

    static OptionalInt find(String configured, Tokenizer tokenizer, Problems problems) {
        OptionalInt found = configured.isEmpty() ? choose(tokenizer) : tokenizer.id(configured);
        if (found.isEmpty() && configured.isEmpty()) {
            problems.add("prompt.sum is empty and the vocabulary has no unused token to choose; "
                    + "name a token that no text contains" + added(tokenizer));
        } else if (found.isEmpty()) {
            problems.add("prompt.sum = \"%s\", must be a token of the model's vocabulary as spelt there%s"
                    .formatted(configured, added(tokenizer)));
        }
        return found;
    }

    private static OptionalInt choose(Tokenizer tokenizer) {
        List<String> added = tokenizer.addedTokens();
        if (added.contains(SPELLING)) {
            return tokenizer.id(SPELLING);
        }
        OptionalInt reserved = added.stream()
                .filter(RESERVED)
                .mapToInt(token -> tokenizer.id(token).orElseThrow())
                .findFirst();
        return reserved.isPresent() ? reserved : lastUnused(tokenizer);
    }

    private static OptionalInt lastUnused(Tokenizer tokenizer) {
        return tokenizer.addedTokens().stream()
                .filter(SPECIAL.and(IN_USE.negate()))
                .mapToInt(token -> tokenizer.id(token).orElseThrow())
                .reduce((earlier, later) -> later);
    }

    private static String added(Tokenizer tokenizer) {
        List<String> added = tokenizer.addedTokens();
        return added.isEmpty()
                ? ""
                : "; added tokens: " + String.join(" ", added.subList(0, Math.min(20, added.size())));
    }
}
