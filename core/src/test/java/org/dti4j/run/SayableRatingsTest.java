package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.dti4j.data.History;
import org.dti4j.data.PreparedData;
import org.dti4j.problem.UserException;
import org.dti4j.progress.Progress;
import org.dti4j.prompt.PromptConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ratings that scoring refuses are refused before training, if prompts say them. */
final class SayableRatingsTest {
    @TempDir
    private Path folder;

    private TrainingJob job(String feedback, double rating) {
        PromptConfig prompt =
                PromptConfig.defaults().with(words -> words.item("{title}").feedback(feedback));
        RunConfig config =
                TinyRun.config(folder.resolve(String.valueOf(rating))).withPrompt(prompt);
        return new TrainingJob(config, withRating(rating), TinyRun.host(), Progress.SILENT);
    }

    private static PreparedData withRating(double rating) {
        PreparedData data = TinyRun.data();
        return in(PreparedData.class, data, "history", history -> in(History.class, history, "rating", each -> rating));
    }

    private interface Change {
        Object of(Object result);
    }

    /** The same with one method changed. */
    private static <T> T in(Class<T> type, Object original, String changed, Change change) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(original, arguments);
                        return method.getName().equals(changed) ? change.of(result) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    @Test
    void twoDecimalsAreRefusedIfPromptsSayThem() {
        assertThatThrownBy(() -> job("{rating} stars", 4.75).run(false, () -> true))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "prompt.feedback = {rating} stars, must not say {rating}: user u0 of the data has the rating 4.75");
    }

    @Test
    void othersAreTrainedOn() {
        assertThat(job("{rating} stars", 4.7).run(false, () -> true).training()).isNotNull();
        assertThat(job("{outcome}", 4.75).run(false, () -> true).training()).isNotNull();
    }
}
