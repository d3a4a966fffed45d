package org.dti4j.method;

import java.util.stream.IntStream;
import org.dti4j.prompt.Prompt;

/** Prompts that differ from another in one thing, for tests of what that thing changes. */
public final class PromptEdits {
    private PromptEdits() {}

    /** The interactions {@code from .. end - 1} alone, those from {@code firstTarget} on being targets. */
    public static Prompt part(Prompt prompt, int from, int firstTarget, int end) {
        return new Prompt(
                prompt.prefix(),
                items(prompt, from, end),
                feedbacks(prompt, from, end),
                firstTarget - from,
                labels(prompt, from, end));
    }

    /** The k = 1 prompt of a target: the n interactions before it, as far as the prompt has them, and the target. */
    public static Prompt alone(Prompt prompt, int target, int context) {
        return part(prompt, Math.max(0, target - context), target, target + 1);
    }

    /** The same interactions, of which only the last is a target. */
    public static Prompt onlyLastTarget(Prompt prompt) {
        return part(prompt, 0, prompt.interactions() - 1, prompt.interactions());
    }

    /** Every token of an interaction's item is another one. */
    public static Prompt withOtherItem(Prompt prompt, int interaction) {
        int[][] items = items(prompt, 0, prompt.interactions());
        items[interaction] = others(items[interaction]);
        return new Prompt(
                prompt.prefix(),
                items,
                feedbacks(prompt, 0, prompt.interactions()),
                prompt.firstTarget(),
                labels(prompt, 0, prompt.interactions()));
    }

    /** The feedback of an interaction is another one, and its label the opposite. */
    public static Prompt withOtherOutcome(Prompt prompt, int interaction, int... feedback) {
        int[][] feedbacks = feedbacks(prompt, 0, prompt.interactions());
        feedbacks[interaction] = feedback;
        boolean[] labels = labels(prompt, 0, prompt.interactions());
        labels[interaction] = !labels[interaction];
        return new Prompt(
                prompt.prefix(), items(prompt, 0, prompt.interactions()), feedbacks, prompt.firstTarget(), labels);
    }

    /** As many ids, each another one. */
    public static int[] others(int[] ids) {
        return IntStream.of(ids).map(id -> id == 5 ? 6 : 5).toArray();
    }

    private static int[][] items(Prompt prompt, int from, int end) {
        return IntStream.range(from, end).mapToObj(prompt::item).toArray(int[][]::new);
    }

    private static int[][] feedbacks(Prompt prompt, int from, int end) {
        return IntStream.range(from, end).mapToObj(prompt::feedback).toArray(int[][]::new);
    }

    private static boolean[] labels(Prompt prompt, int from, int end) {
        boolean[] labels = new boolean[end - from];
        for (int a = from; a < end; a++) {
            labels[a - from] = prompt.label(a);
        }
        return labels;
    }
}
