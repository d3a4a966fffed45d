package org.dti4j.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.dti4j.checkpoint.SafetensorsWriter;
import org.dti4j.file.AtomicFile;
import org.dti4j.file.DiskFolder;
import org.dti4j.file.FileFailure;
import org.dti4j.tensor.Precision;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes the folder {@code state/} of a run: a numbered folder for each state, which appears under its number when it is whole and on
 * the disk. The last two stay, so that there is one to go back to.
 */
final class StateFolder {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Path folder;
    /** The state that the run came from, and then the last one written. */
    private @Nullable Path previous;

    StateFolder(Path folder, @Nullable SavedState from) {
        this.folder = folder;
        this.previous = from == null ? null : from.folder();
    }

    /** @throws org.dti4j.problem.UserException if the operating system refuses; older states stay then */
    void write(TrainingState state, Map<String, Tensor> tensors) {
        List<Path> before = SavedState.numbered(folder);
        long number = before.isEmpty() ? 1 : SavedState.number(before.get(0)) + 1;
        Path whole = folder.resolve("%06d".formatted(number));
        Path partial = folder.resolve("partial");
        try {
            DiskFolder.delete(partial);
            try {
                writeFiles(partial, state, tensors);
                Files.move(partial, whole, StandardCopyOption.ATOMIC_MOVE);
                DiskFolder.force(folder);
            } finally {
                DiskFolder.delete(partial);
            }
            deleteAllBut(whole, before);
        } catch (IOException e) {
            throw FileFailure.unwritable(folder, e);
        }
        previous = whole;
    }

    private static void writeFiles(Path partial, TrainingState state, Map<String, Tensor> tensors) throws IOException {
        SafetensorsWriter.write(partial.resolve(SavedState.TENSORS), tensors, Precision.FLOAT32);
        AtomicFile.write(
                partial.resolve(SavedState.TRAINING),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsString(state));
        AtomicFile.write(partial.resolve(SavedState.CHECKSUMS), SavedState.checksums(partial));
    }

    /** What is neither the newest state nor the one that it came from: older ones, and damaged ones that were passed over. */
    private void deleteAllBut(Path newest, List<Path> before) throws IOException {
        Stream<Path> kept = Stream.of(newest, previous).filter(Objects::nonNull);
        List<Path> names = kept.map(Path::getFileName).toList();
        for (Path old : before) {
            if (!names.contains(old.getFileName())) {
                DiskFolder.delete(old);
            }
        }
    }
}
