package org.dti4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.SafetensorsFile;
import org.dti4j.file.Checksum;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;
import org.dti4j.tensor.Precision;
import org.dti4j.tensor.Scope;
import org.dti4j.tensor.Tensors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * A state that was found whole, by the checksums that lie beside it ({@code sha256sum -c SHA256SUMS} says the same).
 *
 * @param folder where it lies, {@code state/NUMBER} in a run folder
 * @param training where the run stood
 */
public record SavedState(Path folder, TrainingState training) {
    static final String TRAINING = "training.json";
    static final String TENSORS = "tensors.safetensors";
    static final String CHECKSUMS = "SHA256SUMS";

    /**
     * The newest state that is whole. One that is damaged is passed over, for the one before it.
     *
     * @param folder {@code state/} of a run; it need not be there
     * @param notes is told of every state that was passed over, and what is wrong with it
     * @return empty if no state was saved
     * @throws UserException if there are states, and all are damaged
     */
    public static Optional<SavedState> latest(Path folder, Consumer<String> notes) {
        List<String> damages = new ArrayList<>();
        for (Path candidate : numbered(folder)) {
            try {
                SavedState found = new SavedState(candidate, read(candidate));
                damages.forEach(damage -> notes.accept("%s; going on from the state before it, after step %d"
                        .formatted(damage, found.training.position().step())));
                return Optional.of(found);
            } catch (IOException | JacksonException e) {
                damages.add("%s: is damaged: %s".formatted(candidate, e.getMessage()));
            }
        }
        if (!damages.isEmpty()) {
            damages.add("%s: has no state that is whole; start the run anew, without --resume".formatted(folder));
            throw new UserException(damages);
        }
        return Optional.empty();
    }

    /** The folders of states, the newest first. */
    static List<Path> numbered(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(path -> path.getFileName().toString().matches("\\d{6,18}"))
                    .sorted(Comparator.comparingLong(SavedState::number).reversed())
                    .toList();
        } catch (IOException e) {
            throw FileFailure.unreadable(folder, e);
        }
    }

    static long number(Path state) {
        return Long.parseLong(state.getFileName().toString());
    }

    /** In the format of {@code sha256sum}. */
    static String checksums(Path state) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : List.of(TRAINING, TENSORS)) {
            lines.append(Checksum.of(state.resolve(name)))
                    .append("  ")
                    .append(name)
                    .append('\n');
        }
        return lines.toString();
    }

    private static TrainingState read(Path state) throws IOException {
        for (String name : List.of(CHECKSUMS, TRAINING, TENSORS)) {
            if (!Files.exists(state.resolve(name))) {
                throw new IOException("it has no " + name);
            }
        }
        List<String> stated = Arrays.asList(
                new String(Files.readAllBytes(state.resolve(CHECKSUMS)), java.nio.charset.StandardCharsets.ISO_8859_1)
                        .split("\n", -1));
        for (String line : checksums(state).split("\n", -1)) {
            if (!stated.contains(line)) {
                throw new IOException(
                        "%s does not have its checksum".formatted(line.substring(line.lastIndexOf(' ') + 1)));
            }
        }
        return JsonMapper.shared().readValue(Files.readString(state.resolve(TRAINING)), TrainingState.class);
    }

    /** Fills tensors in place from those of the same names; nothing is changed unless they are the very ones of the state, in the right shapes. */
    void readInto(Map<String, Tensor> tensors) {
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(TENSORS));
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
