package org.dti4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.SafetensorsFile;
import org.dti4j.checkpoint.SafetensorsWriter;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The folder {@code state/} of a run: {@code state.json}, and the tensors in the safetensors file that it names. The tensors are written
 * first, beside the ones that are in use, then {@code state.json} is replaced in one move: whenever the machine stops, it names a whole file.
 */
final class StateFolder {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String[] TENSOR_FILES = {"tensors-a.safetensors", "tensors-b.safetensors"};

    /** What {@code state.json} holds. */
    private record Content(String tensors, TrainingState training) {}

    private final Path folder;

    StateFolder(Path folder) {
        this.folder = folder;
    }

    private Path stateFile() {
        return folder.resolve("state.json");
    }

    Optional<TrainingState> read() {
        return content().map(Content::training);
    }

    private Optional<Content> content() {
        if (!Files.exists(stateFile())) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(stateFile()), Content.class));
        } catch (IOException | JacksonException e) {
            throw new UserException(
                    "%s: is not a state that can be read; start the run anew, without --resume".formatted(stateFile()),
                    e);
        }
    }

    void write(TrainingState state, Map<String, Tensor> tensors) {
        String used = content().map(Content::tensors).orElse("");
        String unused = TENSOR_FILES[0].equals(used) ? TENSOR_FILES[1] : TENSOR_FILES[0];
        SafetensorsWriter.write(folder.resolve(unused), tensors, Precision.FLOAT32);
        Path temporary = folder.resolve("state.json.partial");
        try {
            Files.writeString(
                    temporary, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(new Content(unused, state)));
            Files.move(temporary, stateFile(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            if (!used.isEmpty()) {
                Files.deleteIfExists(folder.resolve(used));
            }
        } catch (IOException e) {
            throw new UserException("%s: cannot be written: %s".formatted(folder, e.getMessage()), e);
        }
    }

    /** Fills tensors in place from those of the same names; nothing is changed unless they are the very ones of the state, in the right shapes. */
    void readInto(Map<String, Tensor> tensors) {
        String name = content().map(Content::tensors).orElse(TENSOR_FILES[0]);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(name));
                Scope scope = Scope.open()) {
            if (!file.names().equals(tensors.keySet())) {
                throw new UserException(
                        "%s: holds %d tensors, the run has %d, must be the same ones: the state is of another model or adapter"
                                .formatted(file.path(), file.names().size(), tensors.size()));
            }
            List<Tensor> targets = List.copyOf(tensors.values());
            List<Tensor> sources = tensors.entrySet().stream()
                    .map(entry -> read(file, entry.getKey(), entry.getValue()))
                    .toList();
            TensorLists.copy(TensorLists.of(sources), TensorLists.of(targets));
        }
    }

    private static Tensor read(SafetensorsFile file, String name, Tensor target) {
        Tensor source = file.read(name, Precision.FLOAT32);
        if (!Arrays.equals(Tensors.shape(source), Tensors.shape(target))) {
            throw new UserException("%s: %s has shape %s, the model's has %s: the state is of another model or adapter"
                    .formatted(
                            file.path(),
                            name,
                            Arrays.toString(Tensors.shape(source)),
                            Arrays.toString(Tensors.shape(target))));
        }
        return source;
    }
}
