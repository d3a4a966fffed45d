package org.dti4j.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dti4j.model.LlamaConfig;
import org.dti4j.problem.UserException;

/** Folders as PEFT writes them: {@code adapter_config.json} and {@code adapter_model.safetensors}. */
public final class PeftFiles {
    static final String WEIGHTS = "adapter_model.safetensors";
    static final String SETTINGS = "adapter_config.json";

    private PeftFiles() {}

    /**
     * Reads an adapter.
     *
     * @param base the model that it must fit: its modules, shapes and token ids are checked
     * @return the adapter, which the caller closes
     * @throws UserException if it is damaged, does not fit, or asks for something that is not computed; all problems at once
     */
    public static PeftAdapter read(Path folder, LlamaConfig base) {
        for (String name : List.of(SETTINGS, WEIGHTS)) {
            if (!Files.exists(folder.resolve(name))) {
                throw new UserException("%s: has no %s, must be a folder with %s and %s as PEFT writes it"
                        .formatted(folder, name, SETTINGS, WEIGHTS));
            }
        }
        Path settingsFile = folder.resolve(SETTINGS);
        FileProblems problems = new FileProblems(settingsFile);
        PeftSettings settings = PeftSettings.read(settingsFile, problems);
        problems.throwIfAny();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(WEIGHTS))) {
            return new PeftReader(file, settings, base).read();
        }
    }

    /**
     * Writes an adapter, the settings last: a folder that has them is whole.
     *
     * @throws UserException if the operating system refuses
     */
    public static void write(Path folder, PeftAdapter adapter) {
        PeftWriter.write(folder, adapter);
    }
}
