package org.dti4j.run;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.dti4j.data.History;
import org.dti4j.data.PreparedData;
import org.dti4j.prompt.Prompt;
import org.dti4j.prompt.Stream;
import org.dti4j.train.Diverged;

/**
 * The content of {@code diverged.json}: the batch whose loss or gradient was not finite, as the model read it.
 *
 * @param step counted from 1
 * @param epoch counted from 1
 * @param what the loss, or the norm of the gradient
 * @param value NaN or an infinity, as a word: JSON has no number for it
 */
record DivergedBatch(long step, int epoch, String what, String value, List<Read> prompts) {
    /**
     * One prompt.
     *
     * @param tokens ids in the order of the text, [SUM]s left out
     * @param text the same for people
     */
    record Read(
            String user,
            int first,
            int firstTarget,
            int end,
            List<Integer> tokens,
            String text,
            List<Target> targets) {}

    /** One target. */
    record Target(String item, long time, boolean label) {}

    static DivergedBatch of(Diverged diverged, ClickModel model, PreparedData data, Function<Stream, Prompt> prompts) {
        List<Read> read = new ArrayList<>();
        for (Stream stream : diverged.streams()) {
            History history = data.history(stream.user());
            int[] tokens = tokens(prompts.apply(stream));
            List<Target> targets = IntStream.range(stream.firstTarget(), stream.end())
                    .mapToObj(
                            i -> new Target(data.items().get(history.item(i)).id(), history.time(i), history.label(i)))
                    .toList();
            read.add(new Read(
                    history.user(),
                    stream.first(),
                    stream.firstTarget(),
                    stream.end(),
                    IntStream.of(tokens).boxed().toList(),
                    model.decode(tokens),
                    targets));
        }
        return new DivergedBatch(
                diverged.before().step() + 1,
                diverged.before().epochNumber(),
                diverged.what(),
                Double.toString(diverged.value()),
                read);
    }

    private static int[] tokens(Prompt prompt) {
        IntStream tokens = IntStream.of(prompt.prefix());
        for (int i = 0; i < prompt.interactions(); i++) {
            tokens = IntStream.concat(tokens, IntStream.of(prompt.item(i)));
            if (i < prompt.interactions() - 1) {
                tokens = IntStream.concat(tokens, IntStream.of(prompt.feedback(i)));
            }
        }
        return tokens.toArray();
    }
}
