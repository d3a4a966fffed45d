package org.dti4j.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dti4j.data.Item;
import org.dti4j.data.ItemFile;
import org.dti4j.problem.UserException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a run folder holds besides the weights so that a service can score with the folder alone: its configuration and its catalogue. */
final class ScoringFiles {
    /** Not {@link RunJson}: there null is a number that is not known, here it is an option that is off. */
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private ScoringFiles() {}

    static void write(RunFiles files, RunConfig config, List<Item> items) {
        ItemFile.write(files.items(), items);
        RunFiles.writeText(files.scoring(), JSON.writeValueAsString(config) + "\n");
    }

    /** Whether the folder has them; runs of earlier versions do not. */
    static boolean in(RunFiles files) {
        return Files.exists(files.scoring()) && Files.exists(files.items());
    }

    static RunConfig config(RunFiles files) {
        Path file = files.scoring();
        if (!in(files)) {
            throw new UserException(
                    "%s: has no scoring.json and items.parquet, must be the folder of a finished run; one that an earlier version trained is opened with its config.yaml, by dti predict and dti serve"
                            .formatted(files.folder()));
        }
        try {
            Optional<RunConfig> config = Optional.ofNullable(JSON.readValue(RunFiles.readText(file), RunConfig.class));
            return config.orElseThrow(() -> new UserException("%s: is damaged: it says null".formatted(file)));
        } catch (JacksonException e) {
            throw new UserException("%s: is damaged: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }
}
