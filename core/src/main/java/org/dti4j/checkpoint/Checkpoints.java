package org.dti4j.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.dti4j.file.FileFailure;
import org.dti4j.problem.UserException;

/** The way in: finds out what a path holds and opens or describes it. */
public final class Checkpoints {
    private static final String EXPECTED =
            "must be a folder with config.json and model.safetensors as Hugging Face writes it, or a GGUF file";

    private Checkpoints() {}

    /**
     * Opens a checkpoint of the Llama family. Everything but the weights' values is checked.
     *
     * @throws UserException if there is none, or it is damaged, incomplete or of another architecture; all problems at once
     */
    public static Checkpoint open(Path path) {
        if (Files.isDirectory(path)) {
            if (Files.exists(path.resolve(HuggingFaceCheckpoint.CONFIG))) {
                return HuggingFaceCheckpoint.open(path);
            }
            throw new UserException(withoutConfig(path));
        }
        if (isGguf(path)) {
            return GgufCheckpoint.open(path);
        }
        throw new UserException(otherFile(path));
    }

    /**
     * Describes a checkpoint, a single safetensors file or a PEFT adapter as far as it can be understood; what stands against using it is
     * among the {@link Inspection#problems()}.
     *
     * @throws UserException if it is nothing of the kind, or too damaged to say anything
     */
    public static Inspection inspect(Path path) {
        if (Files.isDirectory(path)) {
            if (Files.exists(path.resolve(HuggingFaceCheckpoint.CONFIG))) {
                return HuggingFaceCheckpoint.inspect(path);
            }
            if (Files.exists(path.resolve(PeftFiles.WEIGHTS))) {
                return inspectTensors(path.resolve(PeftFiles.WEIGHTS), path, Inspection.Format.PEFT);
            }
            throw new UserException(withoutConfig(path));
        }
        if (isGguf(path)) {
            return GgufCheckpoint.inspect(path);
        }
        if (path.toString().endsWith(".safetensors")) {
            return inspectTensors(path, path, Inspection.Format.SAFETENSORS);
        }
        throw new UserException(otherFile(path));
    }

    private static Inspection inspectTensors(Path file, Path path, Inspection.Format format) {
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            return new Inspection(
                    path,
                    format,
                    "",
                    null,
                    0,
                    Inspection.count(tensors.tensors().values().stream()),
                    1,
                    "none",
                    List.of(),
                    List.of());
        }
    }

    private static boolean isGguf(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer magic = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
            channel.read(magic, 0);
            return !magic.hasRemaining() && magic.getInt(0) == GgufHeader.MAGIC;
        } catch (IOException e) {
            throw FileFailure.unreadable(file, e);
        }
    }

    private static String withoutConfig(Path folder) {
        if (Files.exists(folder.resolve(PeftFiles.SETTINGS))) {
            return "%s: is a PEFT adapter, %s; give the adapter as adapter.path".formatted(folder, EXPECTED);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> gguf = files.filter(file -> file.toString().endsWith(".gguf"))
                    .sorted()
                    .toList();
            return gguf.isEmpty()
                    ? "%s: has no config.json, %s".formatted(folder, EXPECTED)
                    : "%s: has no config.json; give the GGUF file itself, for instance %s"
                            .formatted(folder, gguf.get(0));
        } catch (IOException e) {
            throw FileFailure.unreadable(folder, e);
        }
    }

    private static String otherFile(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        if (name.endsWith(".safetensors")) {
            return "%s: is one file of a checkpoint; give the folder, with its config.json".formatted(file);
        }
        if (Stream.of(".bin", ".pt", ".pth", ".ckpt", ".pkl").anyMatch(name::endsWith)) {
            return "%s: is a pickle, which can run code, so dti4j does not read it; %s".formatted(file, EXPECTED);
        }
        return "%s: is no checkpoint, %s".formatted(file, EXPECTED);
    }
}
