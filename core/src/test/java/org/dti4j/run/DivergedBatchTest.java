package org.dti4j.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dti4j.problem.UserException;
import org.dti4j.train.Configs;
import org.dti4j.train.TrainConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class DivergedBatchTest {
    @TempDir
    private Path folder;

    /** A learning rate that throws the weights beyond float32. */
    private TrainingJob diverging(List<String> notes) {
        RunConfig tiny = TinyRun.config(folder);
        return TinyRun.job(tiny.withTrain(Configs.plain()
                        .targetsPerStep(20)
                        .epochs(2)
                        .learningRate(1e38)
                        .schedule(TrainConfig.Schedule.CONSTANT)
                        .weightDecay(0)
                        .validateEvery(200)
                        .saveEvery(60)
                        .validationTargets(20)
                        .seed(3)
                        .build()))
                .notes(notes::add);
    }

    @Test
    void theBatchThatEndedARunIsWrittenOutAsTheModelReadIt() throws IOException {
        List<String> notes = new ArrayList<>();
        assertThatThrownBy(() -> diverging(notes).run(false, () -> false))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the loss is NaN");
        Path file = folder.resolve("diverged.json");
        assertThat(notes).containsExactly("the batch that the run ends of is in " + file);
        JsonNode batch = JsonMapper.shared().readTree(Files.readString(file));
        assertThat(batch.at("/value").asString()).isEqualTo("NaN");
        assertThat(batch.at("/step").asInt()).isEqualTo(2);
        JsonNode prompt = batch.at("/prompts/0");
        assertThat(prompt.at("/tokens").size()).isGreaterThan(30);
        assertThat(prompt.at("/text").asString()).contains("items that a user met", "liked");
        int targets = prompt.at("/end").asInt() - prompt.at("/firstTarget").asInt();
        assertThat(prompt.at("/targets").size()).isEqualTo(targets).isPositive();
        assertThat(prompt.at("/targets/0/item").asString()).startsWith("i");
        assertThat(prompt.at("/targets/0/label").isBoolean()).isTrue();
    }
}
